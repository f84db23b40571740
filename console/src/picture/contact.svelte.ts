// What the node knows of its lines and everything kept on them, as this console last heard it.
// Each list is fetched when a part of the pane first needs it.

import type {
  AlarmRecord,
  CallRecord,
  ConsultationRecord,
  LineRecord,
  MessageRecord,
  MessageType,
  NoteRecord,
  PostureRecord,
  QueryRecord,
  ReadoutRecord,
  RequestRecord,
  WatchesRecord,
} from '../api/line_types';
import { ask } from '../api/client';
import type { TextCopy } from '../api/paper_types';
import type { Change } from '../api/types';
import type { MovementRecord, SiteRecord, UnitRecord, WarningRecord } from '../api/unit_types';
import { callName, seriesName } from '../words/talks';
import { msOf } from '../words/times';
import { sound } from '../alarms/sound.svelte';
import { clock } from './clock.svelte';
import { focus } from './focus.svelte';
import { pane, type Part } from './pane.svelte';
import { picture } from './picture.svelte';
import { Shelf } from './shelf.svelte';
import { toasts } from './toasts.svelte';

const AGAIN_MS = 20_000;
const SOON_MS = 1_800_000;

/** Where in the pane a thing is shown. */
export const PART_OF: Record<string, Part> = {
  message: 'messages',
  call: 'calls',
  consultation: 'consultations',
  readout: 'readouts',
  request: 'asked',
  posture: 'asked',
  query: 'asked',
  watch: 'watch',
  handover: 'watch',
  telling: 'messages',
  relay: 'messages',
  unit: 'units',
  movement: 'movements',
  site: 'movements',
  warning: 'movements',
  budget: 'presence',
  presence: 'presence',
  mailbox: 'paper',
  text: 'paper',
};

/** The two ends of a line, by party. */
export interface Parties {
  us: string;
  them: string;
}

class Contact {
  readonly lines = new Shelf<LineRecord>('/lines', ['line', 'check', 'message', 'watch', 'contact', 'agreement', 'signature']);
  readonly alarms = new Shelf<AlarmRecord>('/alarms', ['line', 'check', 'message', 'consultation', 'request', 'posture', 'watch', 'call', 'quarantine', 'telling', 'unit', 'movement', 'site', 'warning', 'text', 'budget', 'mailbox', 'operator notice'], false);
  readonly messages = new Shelf<MessageRecord>('/messages', ['message']);
  readonly calls = new Shelf<CallRecord>('/calls', ['call']);
  readonly consultations = new Shelf<ConsultationRecord>('/consultations', ['consultation', 'message']);
  readonly readouts = new Shelf<ReadoutRecord>('/readouts', ['readout', 'message']);
  readonly requests = new Shelf<RequestRecord>('/requests', ['request', 'message']);
  readonly postures = new Shelf<PostureRecord>('/postures', ['posture', 'message']);
  readonly queries = new Shelf<QueryRecord>('/queries', ['message']);
  readonly notes = new Shelf<NoteRecord>('/watch-log', ['note']);
  readonly units = new Shelf<UnitRecord>('/units', ['unit']);
  readonly movements = new Shelf<MovementRecord>('/movements', ['movement', 'warning', 'message']);
  readonly sites = new Shelf<SiteRecord>('/sites', ['site', 'message']);
  readonly warnings = new Shelf<WarningRecord>('/warnings', ['warning', 'message'], false);
  readonly texts = new Shelf<TextCopy>('/texts', ['text', 'card', 'message']);
  watches = $state.raw<WatchesRecord | null>(null);
  catalogue = $state.raw<MessageType[]>([]);
  /** The alarm that `a` opens. */
  alarm_id = $state('');
  #catalogueAsked: Promise<void> | undefined;

  /** The line in view: the chosen one, else the first. */
  get line(): LineRecord | undefined {
    return this.lines.of(pane.line_id) ?? this.lines.items[0];
  }

  /** Alarms that ask for a person now; advisories only tell. */
  get waiting(): AlarmRecord[] {
    return this.alarms.items.filter((alarm) => alarm.level !== 'advisory');
  }

  /** Those that stand in sight: they, and messages whose clock runs out soon. */
  get inSight(): AlarmRecord[] {
    const isSoon = ({ about, due }: AlarmRecord) => about.subject === 'message' && due !== null && msOf(due) - clock.now_ms < SOON_MS;
    return this.alarms.items.filter((alarm) => alarm.level !== 'advisory' || isSoon(alarm));
  }

  get alarm(): AlarmRecord | undefined {
    return this.alarms.of(this.alarm_id) ?? this.alarms.items[0];
  }

  nextAlarm() {
    const items = this.inSight;
    const at = items.findIndex((one) => one.id === this.alarm_id);
    this.alarm_id = items[(at + 1) % Math.max(1, items.length)]?.id ?? '';
    document.getElementById(`alarm-${this.alarm_id}`)?.focus();
  }

  /** Go to what an alarm is about; of a message, to the act it asks for. */
  openAlarm(alarm = this.alarm) {
    if (!alarm) return;
    this.alarm_id = alarm.id;
    const { subject, id } = alarm.about;
    if (subject === 'operation') return focus.open({ kind: 'operation', id });
    pane.asks_act = subject === 'message';
    // A budget is a party's: it is looked at on the line to that party.
    pane.show(PART_OF[subject] ?? 'state', id, alarm.line || this.lines.items.find((one) => one.party === id)?.id);
  }

  /** No sound for 60 s; what the alarms ask for stays. */
  silence() {
    sound.silence(this.alarms.items.map((one) => one.id), clock.now_ms);
    toasts.say('Silent for 60 s, unless another alarm comes.');
  }

  /** Roles on watch, as the catalogue and both watches name them. */
  get roles(): string[] {
    const onWatch = [this.watches?.ours, ...(this.watches?.theirs ?? [])].flatMap((one) => one?.roles ?? []);
    return [...new Set([...this.catalogue.flatMap((type) => type.roles), ...onWatch.map((one) => one.role)])];
  }

  partiesOf(line: string): Parties {
    const found = this.lines.of(line);
    const us = picture.party;
    return { us, them: found?.party ?? line.split('-').find((one) => one !== us) ?? '' };
  }

  /** What a talk is called, by its id. */
  talkName(id: string): string {
    const call = this.calls.of(id);
    if (call) return callName(call);
    const series = this.consultations.of(id);
    return series ? seriesName(series) : 'A talk not recorded here';
  }

  /** Topics that accounts of one talk already use: equal topics are compared. */
  topicsOf(about: string): string[] {
    const told = this.readouts.items.filter((one) => one.about === about).flatMap((one) => one.points);
    return [...new Set([...told, ...(this.calls.of(about)?.points ?? [])].map((one) => one.topic).filter(Boolean))];
  }

  typeOf(code: string): MessageType | undefined {
    return this.catalogue.find((type) => type.code === code);
  }

  wantCatalogue(): Promise<void> {
    this.#catalogueAsked ??= ask<{ items: MessageType[] }>('/catalogue').then(
      (read) => void (this.catalogue = read.items),
      (error: unknown) => {
        this.#catalogueAsked = undefined;
        toasts.refuse(error);
      },
    );
    return this.#catalogueAsked;
  }

  async loadWatch() {
    try {
      this.watches = await ask<WatchesRecord>('/watch');
    } catch (error) {
      toasts.refuse(error);
    }
  }

  /** The strip of lines comes with the first view; all else afterwards. */
  begin() {
    void this.lines.want();
  }

  /** Begin once the first view stands, and keep current; made for an effect. */
  follow(): () => void {
    // Clocks run out without a change: lines and alarms are looked at again by themselves.
    const look = () => {
      void this.lines.load();
      void this.alarms.load();
    };
    void this.lines.want();
    void this.alarms.want();
    void this.loadWatch();
    const timer = setInterval(look, AGAIN_MS);
    const stop = picture.tell((changes) => this.#hear(changes));
    return () => (clearInterval(timer), stop());
  }

  #hear(changes: Change[]) {
    const talks = [this.calls, this.consultations, this.readouts, this.requests, this.postures, this.queries, this.notes];
    const shelves = [this.lines, this.alarms, this.messages, ...talks, this.units, this.movements, this.sites, this.warnings, this.texts];
    for (const shelf of shelves) shelf.hear(changes);
    if (changes.some((change) => change.kind === 'watch' || change.kind === 'message')) void this.loadWatch();
  }
}

export const contact = new Contact();
