-- index ix_change_log_owner_id_entity
CREATE INDEX ix_change_log_owner_id_entity ON change_log (owner_id, entity, entity_id, clock)

-- index ix_evaluation_jobs_owner_id_answer_id
CREATE INDEX ix_evaluation_jobs_owner_id_answer_id ON evaluation_jobs (owner_id, answer_id)

-- index ix_evaluation_jobs_owner_id_state
CREATE INDEX ix_evaluation_jobs_owner_id_state ON evaluation_jobs (owner_id, state, id)

-- index ix_questions_owner_id_topic
CREATE INDEX ix_questions_owner_id_topic ON questions (owner_id, topic, id)

-- index ix_session_questions_owner_id_question_id
CREATE INDEX ix_session_questions_owner_id_question_id ON session_questions (owner_id, question_id, id)

-- index sqlite_autoindex_alembic_version_1
-- by itself

-- index sqlite_autoindex_answers_1
-- by itself

-- index sqlite_autoindex_answers_2
-- by itself

-- index sqlite_autoindex_change_log_1
-- by itself

-- index sqlite_autoindex_change_log_2
-- by itself

-- index sqlite_autoindex_devices_1
-- by itself

-- index sqlite_autoindex_drafts_1
-- by itself

-- index sqlite_autoindex_evaluation_jobs_1
-- by itself

-- index sqlite_autoindex_evaluations_1
-- by itself

-- index sqlite_autoindex_evaluations_2
-- by itself

-- index sqlite_autoindex_questions_1
-- by itself

-- index sqlite_autoindex_session_questions_1
-- by itself

-- index sqlite_autoindex_session_questions_2
-- by itself

-- index sqlite_autoindex_sessions_1
-- by itself

-- index sqlite_autoindex_settings_1
-- by itself

-- index sqlite_autoindex_workspaces_1
-- by itself

-- table alembic_version
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)

-- table answers
CREATE TABLE answers (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	session_question_id BLOB NOT NULL, 
	version INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	elapsed_ms INTEGER NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted_at BIGINT, 
	CONSTRAINT pk_answers PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_answers_session_questions FOREIGN KEY(owner_id, session_question_id) REFERENCES session_questions (owner_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_answers_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id), 
	CONSTRAINT uq_answers_owner_id_session_question_id_version UNIQUE (owner_id, session_question_id, version)
)

-- table change_log
CREATE TABLE change_log (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	device_id BLOB NOT NULL, 
	clock BIGINT NOT NULL, 
	entity TEXT NOT NULL, 
	entity_id BLOB NOT NULL, 
	operation TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	revision_before INTEGER NOT NULL, 
	CONSTRAINT pk_change_log PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_change_log_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id), 
	CONSTRAINT uq_change_log_owner_id_clock_device_id UNIQUE (owner_id, clock, device_id)
)

-- table devices
CREATE TABLE devices (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_devices_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id)
)

-- table drafts
CREATE TABLE drafts (
	owner_id BLOB NOT NULL, 
	session_question_id BLOB NOT NULL, 
	text TEXT NOT NULL, 
	elapsed_ms INTEGER NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (owner_id, session_question_id), 
	CONSTRAINT fk_drafts_session_questions FOREIGN KEY(owner_id, session_question_id) REFERENCES session_questions (owner_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_drafts_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id)
)

-- table evaluation_jobs
CREATE TABLE evaluation_jobs (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	answer_id BLOB NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	error TEXT, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_evaluation_jobs PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_evaluation_jobs_answers FOREIGN KEY(owner_id, answer_id) REFERENCES answers (owner_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_evaluation_jobs_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id)
)

-- table evaluations
CREATE TABLE evaluations (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	answer_id BLOB NOT NULL, 
	version INTEGER NOT NULL, 
	evaluator TEXT NOT NULL, 
	score FLOAT, 
	result TEXT NOT NULL, 
	dispute TEXT, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted_at BIGINT, 
	CONSTRAINT pk_evaluations PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_evaluations_answers FOREIGN KEY(owner_id, answer_id) REFERENCES answers (owner_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_evaluations_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id), 
	CONSTRAINT uq_evaluations_owner_id_answer_id_version UNIQUE (owner_id, answer_id, version)
)

-- table questions
CREATE TABLE questions (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	source TEXT NOT NULL, 
	bank_digest TEXT, 
	kind TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	difficulty TEXT NOT NULL, 
	prompt TEXT NOT NULL, 
	reference_answer TEXT NOT NULL, 
	key_points TEXT NOT NULL, 
	traits TEXT NOT NULL, 
	star_cues TEXT, 
	follow_ups TEXT NOT NULL, 
	tags TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted_at BIGINT, 
	CONSTRAINT pk_questions PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_questions_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id)
)

-- table session_questions
CREATE TABLE session_questions (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	session_id BLOB NOT NULL, 
	position INTEGER NOT NULL, 
	question_id BLOB NOT NULL, 
	question TEXT NOT NULL, 
	status TEXT NOT NULL, 
	elapsed_ms INTEGER NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted_at BIGINT, 
	CONSTRAINT pk_session_questions PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_session_questions_sessions FOREIGN KEY(owner_id, session_id) REFERENCES sessions (owner_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_session_questions_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id), 
	CONSTRAINT uq_session_questions_owner_id_session_id_position UNIQUE (owner_id, session_id, position)
)

-- table sessions
CREATE TABLE sessions (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	title TEXT NOT NULL, 
	status TEXT NOT NULL, 
	setup TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	finished_at BIGINT, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted_at BIGINT, 
	CONSTRAINT pk_sessions PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_sessions_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id)
)

-- table settings
CREATE TABLE settings (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	body TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted_at BIGINT, 
	CONSTRAINT pk_settings PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_settings_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id)
)

-- table workspaces
CREATE TABLE workspaces (
	id BLOB NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_workspaces PRIMARY KEY (id)
)
