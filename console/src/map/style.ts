// How the map looks: layers over the node's own data, in the colours of the page. Labels are
// drawn from the page's fonts (no `glyphs`), so no label asks any server.

import type { FilterSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';

export type Palette = Record<'ground' | 'sea' | 'land' | 'coast' | 'border' | 'place' | 'own' | 'other' | 'quiet' | 'text' | 'conflict' | 'doubt', string>;

const NAMES: (keyof Palette)[] = ['ground', 'sea', 'land', 'coast', 'border', 'place', 'own', 'other', 'quiet', 'text', 'conflict', 'doubt'];
export const DRAWN = ['areas', 'airspace', 'learnt', 'operations', 'labels', 'marks', 'sketch'] as const;
const DASHES = [[1], [4, 2.2], [1, 1.6], [6, 1.6, 1, 1.6]];

/** The page's colours as the browser holds them now. */
export function paletteOf(element: Element): Palette {
  const styles = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, styles.getPropertyValue(`--${name}`).trim()])) as Palette;
}

const EMPTY = { type: 'FeatureCollection' as const, features: [] };

export function styleOf(colours: Palette): StyleSpecification {
  const file = (name: string): SourceSpecification => ({ type: 'geojson', data: `${location.origin}/map/${name}.json`, tolerance: 0.3 });
  const drawn = Object.fromEntries(DRAWN.map((name) => [name, { type: 'geojson', data: EMPTY, tolerance: 0.05 } as SourceSpecification]));
  return {
    version: 8,
    sources: { land: file('land'), borders: file('borders'), places: file('places'), ...drawn },
    layers: layersOf(colours),
  };
}

export function layersOf(c: Palette): LayerSpecification[] {
  return [...groundLayers(c), ...airspaceLayers(c), ...learntLayers(c), ...operationLayers(c), ...sketchLayers(c), ...labelLayers(c)];
}

const halo = (c: Palette) => ({ 'text-halo-color': c.sea, 'text-halo-width': 1.6 });

function groundLayers(c: Palette): LayerSpecification[] {
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': c.sea } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': c.land, 'fill-antialias': false } },
    { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': c.coast, 'line-width': 1 } },
    { id: 'borders', type: 'line', source: 'borders', paint: { 'line-color': c.border, 'line-width': 1, 'line-dasharray': [6, 3, 1, 3] } },
  ];
}

function airspaceLayers(c: Palette): LayerSpecification[] {
  const look = (name: string) => ['==', ['get', 'look'], name] as ['==', ['get', string], string];
  return [
    { id: 'area', type: 'line', source: 'areas', paint: { 'line-color': c.quiet, 'line-width': 1.5, 'line-dasharray': [0.5, 3] } },
    { id: 'zone-fill', type: 'fill', source: 'airspace', filter: look('zone'), paint: { 'fill-color': c.quiet, 'fill-opacity': 0.1 } },
    { id: 'zone', type: 'line', source: 'airspace', filter: look('zone'), paint: { 'line-color': c.quiet, 'line-width': 1.5 } },
    { id: 'ring', type: 'line', source: 'airspace', filter: look('ring'), paint: { 'line-color': c.quiet, 'line-width': 1.2, 'line-dasharray': [2, 2] } },
    { id: 'boundary', type: 'line', source: 'airspace', filter: look('boundary'), paint: { 'line-color': c.text, 'line-width': 2.5, 'line-opacity': 0.75, 'line-dasharray': [6, 1.5, 1, 1.5] } },
  ];
}

/** Two lines beside each other, which nothing else on the map has; broken for a constraint. */
function learntLayers(c: Palette): LayerSpecification[] {
  const isChosen: FilterSpecification = ['in', ['get', 'id'], ['literal', []]];
  const shape = (sort: string): FilterSpecification => ['all', ['==', ['geometry-type'], 'Polygon'], ['==', ['get', 'kind'], sort]];
  const double = { 'line-color': c.text, 'line-width': 1.25, 'line-gap-width': 3 };
  return [
    { id: 'learnt-fill', type: 'fill', source: 'learnt', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': c.text, 'fill-opacity': 0.05 } },
    { id: 'learnt-intent', type: 'line', source: 'learnt', filter: shape('intent'), paint: double },
    { id: 'learnt-constraint', type: 'line', source: 'learnt', filter: shape('constraint'), paint: { ...double, 'line-dasharray': [4, 3] } },
    { id: 'chosen-learnt', type: 'line', source: 'learnt', filter: isChosen, paint: { ...double, 'line-width': 3 } },
  ];
}

function operationLayers(c: Palette): LayerSpecification[] {
  const side = ['case', ['get', 'isOwn'], c.own, c.other] as ['case', ['get', string], string, string];
  const byTone = (none: number, rest: number) => ['match', ['get', 'tone'], 'none', none, rest] as ['match', ['get', string], string, number, number];
  const lines = DASHES.map((dash, pattern): LayerSpecification => ({
    id: `operation-${pattern}`,
    type: 'line',
    source: 'operations',
    filter: ['==', ['get', 'pattern'], pattern],
    paint: {
      'line-color': side,
      'line-width': byTone(1.25, 2.25),
      'line-opacity': byTone(0.7, 1),
      ...(pattern ? { 'line-dasharray': dash } : {}),
    },
  }));
  return [
    { id: 'operation-fill', type: 'fill', source: 'operations', paint: { 'fill-color': side, 'fill-opacity': byTone(0.06, 0.16) } },
    ...lines,
    { id: 'chosen-fill', type: 'fill', source: 'operations', filter: ['in', ['get', 'id'], ['literal', []]], paint: { 'fill-color': side, 'fill-opacity': 0.25 } },
    { id: 'chosen', type: 'line', source: 'operations', filter: ['in', ['get', 'id'], ['literal', []]], paint: { 'line-color': side, 'line-width': 4 } },
    { id: 'chosen-airspace', type: 'line', source: 'airspace', filter: ['in', ['get', 'id'], ['literal', []]], paint: { 'line-color': c.text, 'line-width': 4 } },
  ];
}

function sketchLayers(c: Palette): LayerSpecification[] {
  return [
    { id: 'sketch-fill', type: 'fill', source: 'sketch', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': c.own, 'fill-opacity': 0.2 } },
    { id: 'sketch', type: 'line', source: 'sketch', paint: { 'line-color': c.text, 'line-width': 2.5, 'line-dasharray': [2, 1] } },
    { id: 'sketch-points', type: 'circle', source: 'sketch', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 5, 'circle-color': c.text } },
  ];
}

function labelLayers(c: Palette): LayerSpecification[] {
  const font = ['B612'];
  return [
    {
      id: 'places', type: 'symbol', source: 'places',
      filter: ['>=', ['get', 'population'], ['step', ['zoom'], 1e6, 4, 5e5, 5.5, 2e5, 7, 1e5, 8.5, 0]],
      layout: { 'text-field': ['get', 'name'], 'text-font': font, 'text-size': 14, 'symbol-sort-key': ['-', ['get', 'population']], 'text-padding': 8, 'text-variable-anchor': ['center', 'top', 'bottom'] },
      paint: { 'text-color': c.place, ...halo(c) },
    },
    {
      id: 'airspace-labels', type: 'symbol', source: 'airspace',
      layout: { 'text-field': ['get', 'text'], 'text-font': font, 'text-size': 14, 'text-max-width': 12 },
      paint: { 'text-color': c.quiet, ...halo(c) },
    },
    {
      id: 'learnt-labels', type: 'symbol', source: 'learnt', filter: ['==', ['geometry-type'], 'Point'],
      layout: { 'text-field': ['get', 'text'], 'text-font': font, 'text-size': 14, 'text-variable-anchor': ['center', 'top', 'bottom'], 'text-max-width': 12 },
      paint: { 'text-color': c.text, ...halo(c) },
    },
    {
      id: 'labels', type: 'symbol', source: 'labels',
      layout: {
        'text-field': ['get', 'text'], 'text-font': font, 'text-size': 14, 'symbol-sort-key': ['get', 'rank'],
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.9, 'text-justify': 'auto',
      },
      paint: { 'text-color': ['case', ['get', 'isOwn'], c.own, c.other], ...halo(c) },
    },
    {
      id: 'chosen-labels', type: 'symbol', source: 'labels', filter: ['in', ['get', 'id'], ['literal', []]],
      layout: {
        'text-field': ['get', 'text'], 'text-font': font, 'text-size': 16, 'text-allow-overlap': true,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.1, 'text-justify': 'auto',
      },
      paint: { 'text-color': ['case', ['get', 'isOwn'], c.own, c.other], 'text-halo-color': c.sea, 'text-halo-width': 2.2 },
    },
    {
      id: 'marks', type: 'symbol', source: 'marks',
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': false, 'symbol-sort-key': ['-', 0, ['get', 'rank']] },
    },
  ];
}
