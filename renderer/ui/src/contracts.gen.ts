// Generated from shared_contracts by `python -m shared_contracts`. Don't edit.

export const ErrorCode = {
  DATABASE_LOCKED: "DB001",
  QUERY_FAILED: "DB002",
  NEWER_DATABASE: "DB003",
  MIGRATION_FAILED: "DB004",
  PROFILE_NOT_WRITABLE: "DB005",
  CONFLICT: "DB006",
  NOT_FOUND: "DB007",
  DATABASE_CORRUPT: "DB008",
  QUEUE_CLOSED: "DB009",
  NOT_ERASED: "DB010",
  QUEUE_FULL: "DB011",
  READER_TIMEOUT: "DB012",
  BACKUP_FAILED: "DB013",
  RESTORE_FAILED: "DB014",
  IMPORT_INVALID: "DB015",
  NO_DATABASE: "DB016",
  FOREIGN_DATABASE: "DB017",
  TARGET_UNUSABLE: "DB018",
  IPC_TIMEOUT: "IPC001",
  UNKNOWN_CHANNEL: "IPC002",
  CONNECTION_LOST: "IPC003",
  FRAME_TOO_LARGE: "IPC004",
  NOT_AUTHORISED: "IPC005",
  BUSY: "IPC006",
  SLOW_READER: "IPC007",
  REQUEST_CANCELLED: "IPC008",
  UNKNOWN_FRAME: "IPC009",
  RATE_LIMITED: "RATE001",
  VALIDATION_FAILED: "VAL001",
  BANK_FILE_INVALID: "BANK001",
  AI_SERVICE_UNAVAILABLE: "AI001",
  LLM_UNREACHABLE: "AI002",
  LLM_KEY_REFUSED: "AI003",
  LLM_ANSWER_INVALID: "AI004",
  MODEL_MISSING: "AI005",
  LLM_REFUSED: "AI006",
  CONSENT_MISSING: "AI007",
  MICROPHONE_REFUSED: "MIC001",
  MICROPHONE_MISSING: "MIC002",
  MICROPHONE_FAILED: "MIC003",
  KEY_NOT_GIVEN: "AI020",
  KEY_RING_UNUSABLE: "AI021",
  NOTHING_HEARD: "AI008",
  TOO_QUIET: "AI009",
  SPEECH_UNCLEAR: "AI010",
  SPEECH_MODEL_MISSING: "AI011",
  VOICE_MISSING: "AI012",
  SOUND_UNREADABLE: "AI013",
  NOT_TRANSCRIBED: "AI014",
  RECORDING_NOT_WRITTEN: "MIC011",
  RECORDING_CUT_OFF: "MIC012",
  RECORDING_TOO_LONG: "MIC013",
  PIECES_MISSING: "MIC014",
  SOUND_DELETED: "MIC015",
  ANOTHER_INSTANCE: "APP001",
  NO_DISPLAY: "APP002",
  INTERNAL: "APP003",
  PROCESS_FAILED: "APP004",
  PAGE_MISSING: "APP005",
  NOT_RUNNING: "APP006",
  SETTINGS_INVALID: "CFG001",
  FALLBACK_CLOSED: "HTTP001",
  PORT_TAKEN: "PORT001",
  PORT_NOT_ALLOWED: "PORT002",
} as const;

export interface AddFollowUp {
  session_question_id: string;
  prompt: string;
  key_point?: string | null;
}

export interface Advice {
  text: string;
  quote: Quote | null;
}

export interface Answer {
  id: string;
  session_question_id: string;
  version: number;
  text: string;
  elapsed_ms: number;
  created_at: string;
  spoken: SpokenFacts | null;
}

export interface AnswerHit {
  answer_id: string;
  session_id: string;
  session_question_id: string;
  session_title: string;
  topic: string;
  prompt: string;
  version: number;
  created_at: string;
  snippet: string;
  marks: ReadonlyArray<Span>;
}

export interface AnswerHits {
  items: ReadonlyArray<AnswerHit>;
  total: Count | null;
  next: string | null;
}

export interface AppHealth {
  version: string;
  profile: string;
  log_folder: string;
  safe_mode: boolean;
  schema_revision: string;
  write_queue_depth: number;
  evaluations_waiting: number;
  processes: ReadonlyArray<ProcessHealth>;
  problems: ReadonlyArray<IPCError>;
}

export interface AppMetrics {
  at: string;
  version: string;
  system: string;
  python: string;
  sqlite: string;
  ipc: IPCMetrics;
  database: DatabaseMetrics;
  cache: CacheMetrics;
  queue: QueueMetrics;
  processes: ReadonlyArray<ProcessMetrics>;
  last_errors: ReadonlyArray<RecordedError>;
  history: ReadonlyArray<Moment>;
}

export interface AppSettings {
  theme: "dark" | "light" | "system";
  evaluator: "llm" | "offline";
  llm_base_url: string;
  llm_model: string;
  llm_key: "asked" | "file" | "keyring" | "none" | "session";
  consented_url: string;
  voice: VoiceSettings;
  revision: number;
}

export interface Backup {
  name: string;
  made_at: string;
  bytes: number;
  verified: boolean;
  why: "asked" | "closing" | "schedule" | "upgrade" | null;
  sessions: number | null;
  answers: number | null;
}

export interface Backups {
  folder: string;
  items: ReadonlyArray<Backup>;
}

export interface CacheMetrics {
  hit_rate: number;
  miss_rate: number;
  eviction_rate: number;
  hits: number;
  misses: number;
  evictions: number;
  entries: number;
  size_bytes: number;
}

export interface CancelEvaluation {
  job_id: string;
}

export interface Catalogue {
  roles: ReadonlyArray<Role>;
  topics: ReadonlyArray<Topic>;
}

export interface ChannelMetrics {
  calls_per_minute: number;
  average_latency_ms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  error_rate: number;
  refusal_rate: number;
  calls: number;
  errors: number;
  refusals: number;
  seconds: number;
  channel: string;
}

export interface Count {
  number: number;
  more: boolean;
}

export interface CreateBackup {
}

export interface CreateQuestion {
  kind: "behavioural" | "technical";
  topic: string;
  difficulty: "easy" | "hard" | "medium";
  prompt: string;
  reference_answer?: string;
  key_points?: ReadonlyArray<string>;
  follow_ups?: ReadonlyArray<string>;
  tags?: ReadonlyArray<string>;
}

export interface DatabaseMetrics {
  queries_per_minute: number;
  average_query_time_ms: number;
  p95_ms: number;
  connection_pool_size: number;
  queries: number;
  errors: number;
}

export interface DeleteSession {
  session_id: string;
  revision?: number | null;
}

export interface DeleteSound {
  recording_id: string;
}

export interface DeliveryFacts {
  words: number;
  sentences: number;
  words_per_minute: number | null;
  fillers: number | null;
}

export interface DiscardRecording {
  recording_id: string;
}

export interface Dispute {
  comment: string;
  created_at: string;
}

export interface DisputeEvaluation {
  evaluation_id: string;
  comment: string | null;
  revision?: number | null;
}

export interface Done {
}

export interface DraftSaved {
  session_question_id: string;
  saved_at: string;
}

export interface Evaluation {
  evaluator: "llm" | "offline";
  evaluator_version: string;
  reason: string;
  scores: Scores;
  confidence: number;
  summary: string;
  delivery: DeliveryFacts;
  fallback: IPCError | null;
  opinion: boolean;
  unsure: boolean;
  guards: ReadonlyArray<"empty" | "injection" | "keywords_only" | "off_topic" | "restated" | "too_short">;
  key_points: ReadonlyArray<KeyPointResult>;
  star: ReadonlyArray<StarResult>;
  specificity: Specificity | null;
  advice: ReadonlyArray<Advice>;
  limits: string;
  tokens: TokensUsed | null;
  follow_ups: ReadonlyArray<FollowUp>;
}

export interface EvaluationJob {
  id: string;
  answer_id: string;
  state: "cancelled" | "done" | "failed" | "queued" | "running";
  attempts: number;
  error: IPCError | null;
}

export interface EvaluationRecord {
  id: string;
  answer_id: string;
  version: number;
  created_at: string;
  result: Evaluation;
  dispute: Dispute | null;
  revision: number;
}

export interface Event {
  type: "event";
  topic: string;
  ids: ReadonlyArray<string>;
}

export interface ExportData {
}

export interface Exported {
  path: string;
  bytes: number;
  rows: number;
}

export interface Filler {
  text: string;
  start_ms: number;
}

export interface FollowUp {
  prompt: string;
  key_point: string | null;
}

export interface GetBackups {
}

export interface GetCatalogue {
}

export interface GetHealth {
}

export interface GetHistory {
  limit?: number;
  after?: string | null;
}

export interface GetKeyPlaces {
}

export interface GetMetrics {
  history?: boolean;
}

export interface GetOutdated {
}

export interface GetQuestions {
  filter?: QuestionFilter;
  limit?: number;
  after?: string | null;
  count?: boolean;
}

export interface GetRecording {
  recording_id: string;
}

export interface GetSession {
  session_id: string;
}

export interface GetSettings {
}

export interface HistoryPage {
  items: ReadonlyArray<SessionSummary>;
  next: string | null;
}

export interface IPCError {
  code: string;
  message: string;
  remedy: string;
  details: unknown;
}

export interface IPCMetrics {
  calls_per_minute: number;
  average_latency_ms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  error_rate: number;
  refusal_rate: number;
  calls: number;
  errors: number;
  refusals: number;
  seconds: number;
  channels: ReadonlyArray<ChannelMetrics>;
  round_trip: Load;
}

export interface InterviewSession {
  id: string;
  title: string;
  status: "active" | "finished" | "paused";
  setup: SessionSetup;
  position: number;
  questions: ReadonlyArray<SessionQuestion>;
  score: number | null;
  graded: number;
  created_at: string;
  finished_at: string | null;
  revision: number;
}

export interface KeyPlaces {
  keyring: string;
  why_not: string;
}

export interface KeyPointResult {
  key_point: string;
  coverage: "covered" | "missing" | "partly";
  similarity: number;
  evidence: Quote | null;
}

export interface ListRecordings {
  session_id: string;
}

export interface Load {
  calls_per_minute: number;
  average_latency_ms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  error_rate: number;
  refusal_rate: number;
  calls: number;
  errors: number;
  refusals: number;
  seconds: number;
}

export interface Moment {
  at: string;
  calls_per_minute: number;
  p95_ms: number;
  queue_depth: number;
  memory_bytes: number;
}

export interface Outdated {
  answers: number;
  evaluator_version: string;
}

export interface Pause {
  start_ms: number;
  end_ms: number;
}

export interface ProcessHealth {
  name: string;
  state: "failed" | "ready" | "restarting" | "starting" | "stopped";
  pid: number | null;
  restarts: number;
  answer_ms: number | null;
  error: IPCError | null;
}

export interface ProcessMetrics {
  name: string;
  state: "failed" | "ready" | "restarting" | "starting" | "stopped";
  pid: number | null;
  uptime_seconds: number;
  restarts: number;
  answer_ms: number | null;
  processes: number;
  memory_bytes: number;
  resident_bytes: number;
  descriptors: number;
}

export interface Question {
  id: string;
  kind: "behavioural" | "technical";
  topic: string;
  difficulty: "easy" | "hard" | "medium";
  prompt: string;
  reference_answer: string;
  key_points: ReadonlyArray<string>;
  traits: ReadonlyArray<string>;
  star_cues: StarCues | null;
  follow_ups: ReadonlyArray<string>;
  tags: ReadonlyArray<string>;
  source: "bank" | "own";
  revision: number;
}

export interface QuestionFilter {
  topics?: ReadonlyArray<string>;
  kinds?: ReadonlyArray<"behavioural" | "technical">;
  difficulties?: ReadonlyArray<"easy" | "hard" | "medium">;
  sources?: ReadonlyArray<"bank" | "own">;
  text?: string;
}

export interface QuestionPage {
  items: ReadonlyArray<Question>;
  marks: ReadonlyArray<ReadonlyArray<Span>>;
  total: Count | null;
  next: string | null;
}

export interface QueueMetrics {
  depth: number;
}

export interface Quote {
  start: number;
  end: number;
  text: string;
}

export interface RaiseWindow {
}

export interface ReadSound {
  recording_id: string;
  offset?: number;
  length?: number;
}

export interface ReadVoice {
  session_question_id: string;
  offset?: number;
  length?: number;
}

export interface RecordedError {
  at: string;
  code: string;
  place: string;
}

export interface Recording {
  id: string;
  session_question_id: string;
  state: "failed" | "ready" | "recording" | "transcribing";
  created_at: string;
  duration_ms: number;
  kept: boolean;
  transcript: Transcript | null;
  problem: IPCError | null;
  answer_id: string | null;
}

export interface Recordings {
  items: ReadonlyArray<Recording>;
}

export interface RenewEvaluations {
}

export interface RequestEvaluation {
  answer_id: string;
}

export interface RestoreSession {
  session_id: string;
  revision?: number | null;
}

export interface Role {
  id: string;
  title: string;
  description: string;
  topics: ReadonlyArray<string>;
}

export interface SaveAnswer {
  session_question_id: string;
  text: string;
  elapsed_ms: number;
  seen_at?: string | null;
  recording_id?: string | null;
  keep_recording?: boolean | null;
}

export interface SaveDraft {
  session_question_id: string;
  text: string;
  elapsed_ms: number;
  seen_at?: string | null;
}

export interface SaveSession {
  session_id: string;
  revision: number;
  title?: string;
  status?: "active" | "finished" | "paused";
  position?: number;
}

export interface SaveSettings {
  theme?: "dark" | "light" | "system";
  evaluator?: "llm" | "offline";
  llm_base_url?: string;
  llm_model?: string;
  api_key?: string;
  key_place?: "file" | "keyring" | "session";
  consented_url?: string;
  voice?: VoiceSettings;
  revision?: number | null;
}

export interface Scores {
  content: number | null;
  structure: number | null;
  delivery: number | null;
}

export interface SearchAnswers {
  text: string;
  limit?: number;
  after?: string | null;
}

export interface ServerAnswered {
  model: string;
  milliseconds: number;
  tokens: TokensUsed | null;
  structured: boolean;
}

export interface SessionQuestion {
  id: string;
  position: number;
  question: Question;
  status: "answered" | "open" | "skipped";
  elapsed_ms: number;
  draft: string | null;
  draft_saved_at: string | null;
  answers: ReadonlyArray<Answer>;
  evaluations: ReadonlyArray<EvaluationRecord>;
  job: EvaluationJob | null;
  revision: number;
}

export interface SessionSetup {
  role: string | null;
  topics: ReadonlyArray<string>;
  difficulties: ReadonlyArray<"easy" | "hard" | "medium">;
  question_count: number;
  seconds_per_question: number | null;
  feedback_during: boolean;
  question_ids: ReadonlyArray<string>;
}

export interface SessionSummary {
  id: string;
  title: string;
  status: "active" | "finished" | "paused";
  setup: SessionSetup;
  question_count: number;
  answered: number;
  graded: number;
  score: number | null;
  created_at: string;
  finished_at: string | null;
  revision: number;
}

export interface SetSafeMode {
  on: boolean;
}

export interface SkipQuestion {
  session_question_id: string;
  elapsed_ms: number;
  revision?: number | null;
}

export interface Sound {
  data: string;
  total_bytes: number;
}

export interface Span {
  start: number;
  end: number;
}

export interface Specificity {
  numbers: ReadonlyArray<string>;
  names: ReadonlyArray<string>;
  first_person_singular: number;
  first_person_plural: number;
  outcome_stated: boolean;
}

export interface SpokenFacts {
  recording_id: string;
  duration_ms: number;
  speech_ms: number;
  speech_share: number;
  words: number;
  words_per_minute: number | null;
  fillers: ReadonlyArray<Filler>;
  fillers_per_minute: number | null;
  fillers_per_100_words: number | null;
  pauses: ReadonlyArray<Pause>;
  norms: ReadonlyArray<Usual>;
}

export interface StarCues {
  situation: string;
  task: string;
  action: string;
  result: string;
}

export interface StarResult {
  part: "action" | "result" | "situation" | "task";
  found: boolean;
  evidence: Quote | null;
  cue: string;
  words: number;
}

export interface StartRecording {
  session_question_id: string;
}

export interface StartSession {
  setup: SessionSetup;
}

export interface StopRecording {
  recording_id: string;
  pieces: number;
}

export interface TokensUsed {
  sent: number;
  received: number;
}

export interface Topic {
  id: string;
  title: string;
  description: string;
  questions: Count;
}

export interface Transcript {
  text: string;
  words: ReadonlyArray<Word>;
  pauses: ReadonlyArray<Pause>;
  speech_ms: number;
  model: string;
}

export interface TryServer {
  base_url: string;
  model: string;
  api_key?: string;
}

export interface Usual {
  what: "fillers_per_100_words" | "words_per_minute";
  source: string;
  low: number | null;
  high: number | null;
}

export interface VoiceSettings {
  read_questions: boolean;
  keep_recordings: boolean;
  keep_days: number | null;
}

export interface WayTaken {
  type: "way";
  way: "http" | "ipc" | "none";
  chosen: boolean;
}

export interface WipeData {
  confirm: "wipe everything";
}

export interface Wiped {
  sessions: number;
  questions: number;
}

export interface Word {
  text: string;
  start_ms: number;
  end_ms: number;
  probability: number;
  filler: boolean;
}

export interface Channels {
  "db:questions:get": { request: GetQuestions; reply: QuestionPage };
  "db:questions:create": { request: CreateQuestion; reply: Question };
  "db:catalogue:get": { request: GetCatalogue; reply: Catalogue };
  "db:session:start": { request: StartSession; reply: InterviewSession };
  "db:session:save": { request: SaveSession; reply: InterviewSession };
  "db:session:get": { request: GetSession; reply: InterviewSession };
  "db:session:history": { request: GetHistory; reply: HistoryPage };
  "db:session:delete": { request: DeleteSession; reply: Done };
  "db:session:restore": { request: RestoreSession; reply: InterviewSession };
  "db:session:followup": { request: AddFollowUp; reply: InterviewSession };
  "db:drafts:save": { request: SaveDraft; reply: DraftSaved };
  "db:answers:save": { request: SaveAnswer; reply: Answer };
  "db:answers:search": { request: SearchAnswers; reply: AnswerHits };
  "db:answers:skip": { request: SkipQuestion; reply: Done };
  "db:recordings:start": { request: StartRecording; reply: Recording };
  "db:recordings:stop": { request: StopRecording; reply: Recording };
  "db:recordings:discard": { request: DiscardRecording; reply: Done };
  "db:recordings:deletesound": { request: DeleteSound; reply: Recording };
  "db:recordings:get": { request: GetRecording; reply: Recording };
  "db:recordings:list": { request: ListRecordings; reply: Recordings };
  "db:recordings:sound": { request: ReadSound; reply: Sound };
  "ai:voice:read": { request: ReadVoice; reply: Sound };
  "db:evaluations:dispute": { request: DisputeEvaluation; reply: EvaluationRecord };
  "ai:evaluate:request": { request: RequestEvaluation; reply: EvaluationJob };
  "ai:evaluate:cancel": { request: CancelEvaluation; reply: EvaluationJob };
  "ai:evaluate:outdated": { request: GetOutdated; reply: Outdated };
  "ai:evaluate:renew": { request: RenewEvaluations; reply: Outdated };
  "ai:server:test": { request: TryServer; reply: ServerAnswered };
  "app:health:get": { request: GetHealth; reply: AppHealth };
  "app:metrics:get": { request: GetMetrics; reply: AppMetrics };
  "app:settings:get": { request: GetSettings; reply: AppSettings };
  "app:settings:save": { request: SaveSettings; reply: AppSettings };
  "app:keys:places": { request: GetKeyPlaces; reply: KeyPlaces };
  "app:data:wipe": { request: WipeData; reply: Wiped };
  "app:data:export": { request: ExportData; reply: Exported };
  "app:backup:list": { request: GetBackups; reply: Backups };
  "app:backup:create": { request: CreateBackup; reply: Backup };
  "app:safemode:set": { request: SetSafeMode; reply: Done };
  "app:window:raise": { request: RaiseWindow; reply: Done };
}

export type ChannelName = keyof Channels;

export const TIMEOUT_MS: Record<ChannelName, number> = {
  "db:questions:get": 10000,
  "db:questions:create": 10000,
  "db:catalogue:get": 10000,
  "db:session:start": 10000,
  "db:session:save": 10000,
  "db:session:get": 10000,
  "db:session:history": 10000,
  "db:session:delete": 10000,
  "db:session:restore": 10000,
  "db:session:followup": 10000,
  "db:drafts:save": 10000,
  "db:answers:save": 10000,
  "db:answers:search": 10000,
  "db:answers:skip": 10000,
  "db:recordings:start": 10000,
  "db:recordings:stop": 10000,
  "db:recordings:discard": 10000,
  "db:recordings:deletesound": 10000,
  "db:recordings:get": 10000,
  "db:recordings:list": 10000,
  "db:recordings:sound": 10000,
  "ai:voice:read": 60000,
  "db:evaluations:dispute": 10000,
  "ai:evaluate:request": 10000,
  "ai:evaluate:cancel": 10000,
  "ai:evaluate:outdated": 10000,
  "ai:evaluate:renew": 10000,
  "ai:server:test": 45000,
  "app:health:get": 10000,
  "app:metrics:get": 10000,
  "app:settings:get": 10000,
  "app:settings:save": 10000,
  "app:keys:places": 10000,
  "app:data:wipe": 60000,
  "app:data:export": 600000,
  "app:backup:list": 10000,
  "app:backup:create": 120000,
  "app:safemode:set": 10000,
  "app:window:raise": 10000,
};

export interface IPCRequest<T> {
  id: string;
  timestamp: number;
  channel: ChannelName;
  payload: T;
}

export type IPCResponse<T> =
  | { type: "response"; id: string; success: true; data: T }
  | { type: "response"; id: string; success: false; error: IPCError };

export type EventTopic = "sessions" | "drafts" | "jobs" | "recordings" | "questions" | "settings" | "backups" | "health" | "window";
