// The marks of the map, drawn here: triangle, diamond, and squares for infringements.

import type { Map as MapPicture } from 'maplibre-gl';
import type { Palette } from './style';

const SIDE = 44;

type Draw = (pen: CanvasRenderingContext2D) => void;

const corners = (points: [number, number][]): Draw => (pen) => {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
};

const TRIANGLE = corners([[22, 4], [42, 40], [2, 40]]);
const DIAMOND = corners([[22, 2], [42, 22], [22, 42], [2, 22]]);
const SQUARE = corners([[10, 10], [34, 10], [34, 34], [10, 34]]);

function image(path: Draw, colour: string, edge: string, isFilled: boolean): ImageData | null {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  path(pen);
  pen.lineJoin = 'round';
  pen.strokeStyle = edge;
  pen.lineWidth = isFilled ? 4 : 12;
  pen.stroke();
  if (isFilled) {
    pen.fillStyle = colour;
    pen.fill();
  } else {
    pen.strokeStyle = colour;
    pen.lineWidth = 7;
    pen.stroke();
  }
  return pen.getImageData(0, 0, SIDE, SIDE);
}

/** Put the marks into the map, or draw them anew in other colours. */
export function setIcons(map: MapPicture, c: Palette) {
  const icons: [string, ImageData | null][] = [
    ['conflict', image(TRIANGLE, c.conflict, c.ground, true)],
    ['doubt', image(DIAMOND, c.doubt, c.ground, true)],
    ['square-conflict', image(SQUARE, c.conflict, c.ground, false)],
    ['square-doubt', image(SQUARE, c.doubt, c.ground, false)],
  ];
  for (const [name, data] of icons) {
    if (!data) continue;
    if (map.hasImage(name)) map.updateImage(name, data);
    else map.addImage(name, data, { pixelRatio: 2 });
  }
}
