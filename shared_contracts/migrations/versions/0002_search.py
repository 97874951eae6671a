"""Search indexes, turns of questions, and indexes of live rows: quick at a million rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Signs that SQLite would take for letters: currencies and emoji newer than its Unicode 6.1.
_SIGNS = (
    *range(0x20BA, 0x20C1),
    *range(0x1F300, 0x1F650),
    *range(0x1F680, 0x1F700),
    *range(0x1F900, 0x1FB00),
)
_TOKENIZE = f"unicode61 remove_diacritics 2 separators '{''.join(map(chr, _SIGNS))}'"

_DELETED = sa.text("deleted_at IS NOT NULL")

_SQLITE = (
    """
CREATE TABLE question_index (
    number INTEGER NOT NULL PRIMARY KEY,
    owner_id BLOB NOT NULL,
    question_id BLOB NOT NULL,
    topic TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    asked BLOB NOT NULL,
    lot INTEGER NOT NULL,
    UNIQUE (owner_id, question_id)
)
""",
    """
CREATE INDEX ix_question_index_turn
ON question_index (owner_id, topic, difficulty, asked, lot)
""",
    """
CREATE TABLE answer_index (
    number INTEGER NOT NULL PRIMARY KEY,
    owner_id BLOB NOT NULL,
    answer_id BLOB NOT NULL,
    hidden INTEGER NOT NULL,
    UNIQUE (owner_id, answer_id)
)
""",
    """
CREATE TABLE forgotten (
    words TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
)
""",
    """
CREATE VIEW question_texts AS
SELECT i.number, q.prompt, q.tags,
       char(0xE000) || 'kind' || q.kind || ' ' || char(0xE000) || 'difficulty' || q.difficulty
       || ' ' || char(0xE000) || 'source' || q.source
       || ' ' || char(0xE000) || 'topic' || replace(q.topic, '-', char(0xE000)) AS facets
FROM question_index i JOIN questions q ON q.owner_id = i.owner_id AND q.id = i.question_id
""",
    """
CREATE VIEW answer_texts AS
SELECT i.number, a.text
FROM answer_index i JOIN answers a ON a.owner_id = i.owner_id AND a.id = i.answer_id
WHERE NOT i.hidden
""",
    f"""
CREATE VIRTUAL TABLE question_words USING fts5(
    prompt, tags, facets, content = 'question_texts', content_rowid = 'number',
    tokenize = "{_TOKENIZE}", prefix = '2 3'
)
""",
    f"""
CREATE VIRTUAL TABLE answer_words USING fts5(
    text, content = 'answer_texts', content_rowid = 'number',
    tokenize = "{_TOKENIZE}", prefix = '2 3'
)
""",
    """
CREATE TRIGGER question_inserted AFTER INSERT ON questions BEGIN
    INSERT INTO question_index (owner_id, question_id, topic, difficulty, asked, lot)
    SELECT new.owner_id, new.id, new.topic, new.difficulty,
           coalesce((SELECT max(id) FROM session_questions
                     WHERE owner_id = new.owner_id AND question_id = new.id), x''),
           random() & 0x7fffffff
    WHERE new.deleted_at IS NULL
    ON CONFLICT (owner_id, question_id)
    DO UPDATE SET topic = excluded.topic, difficulty = excluded.difficulty;
    INSERT INTO question_words (rowid, prompt, tags, facets)
    SELECT number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = new.owner_id AND question_id = new.id);
END
""",
    """
CREATE TRIGGER question_changing BEFORE UPDATE
OF kind, topic, difficulty, prompt, tags, source, deleted_at ON questions BEGIN
    INSERT INTO question_words (question_words, rowid, prompt, tags, facets)
    SELECT 'delete', number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = old.owner_id AND question_id = old.id);
    INSERT INTO forgotten VALUES ('question_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
END
""",
    """
CREATE TRIGGER question_changed AFTER UPDATE
OF kind, topic, difficulty, prompt, tags, source, deleted_at ON questions BEGIN
    DELETE FROM question_index WHERE owner_id = new.owner_id AND question_id = new.id
    AND new.deleted_at IS NOT NULL;
    INSERT INTO question_index (owner_id, question_id, topic, difficulty, asked, lot)
    SELECT new.owner_id, new.id, new.topic, new.difficulty,
           coalesce((SELECT max(id) FROM session_questions
                     WHERE owner_id = new.owner_id AND question_id = new.id), x''),
           random() & 0x7fffffff
    WHERE new.deleted_at IS NULL
    ON CONFLICT (owner_id, question_id)
    DO UPDATE SET topic = excluded.topic, difficulty = excluded.difficulty;
    INSERT INTO question_words (rowid, prompt, tags, facets)
    SELECT number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = new.owner_id AND question_id = new.id);
END
""",
    """
CREATE TRIGGER question_deleting BEFORE DELETE ON questions BEGIN
    INSERT INTO question_words (question_words, rowid, prompt, tags, facets)
    SELECT 'delete', number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = old.owner_id AND question_id = old.id);
    INSERT INTO forgotten VALUES ('question_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
    DELETE FROM question_index WHERE owner_id = old.owner_id AND question_id = old.id;
END
""",
    """
CREATE TRIGGER question_asked AFTER INSERT ON session_questions BEGIN
    UPDATE question_index SET asked = new.id
    WHERE owner_id = new.owner_id AND question_id = new.question_id AND asked < new.id;
END
""",
    """
CREATE TRIGGER question_unasked AFTER DELETE ON session_questions BEGIN
    UPDATE question_index
    SET asked = coalesce((SELECT max(id) FROM session_questions
                          WHERE owner_id = old.owner_id AND question_id = old.question_id), x'')
    WHERE owner_id = old.owner_id AND question_id = old.question_id AND asked = old.id;
END
""",
    """
CREATE TRIGGER answer_inserted AFTER INSERT ON answers BEGIN
    INSERT INTO answer_index (owner_id, answer_id, hidden)
    SELECT new.owner_id, new.id, s.deleted_at IS NOT NULL
    FROM session_questions sq JOIN sessions s ON s.owner_id = sq.owner_id AND s.id = sq.session_id
    WHERE sq.owner_id = new.owner_id AND sq.id = new.session_question_id;
    INSERT INTO answer_words (rowid, text)
    SELECT number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = new.owner_id AND answer_id = new.id);
END
""",
    """
CREATE TRIGGER answer_changing BEFORE UPDATE OF text ON answers BEGIN
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = old.owner_id AND answer_id = old.id);
    INSERT INTO forgotten VALUES ('answer_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
END
""",
    """
CREATE TRIGGER answer_changed AFTER UPDATE OF text ON answers BEGIN
    INSERT INTO answer_words (rowid, text)
    SELECT number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = new.owner_id AND answer_id = new.id);
END
""",
    """
CREATE TRIGGER answer_deleting BEFORE DELETE ON answers BEGIN
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = old.owner_id AND answer_id = old.id);
    INSERT INTO forgotten VALUES ('answer_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
    DELETE FROM answer_index WHERE owner_id = old.owner_id AND answer_id = old.id;
END
""",
    """
CREATE TRIGGER session_hidden AFTER UPDATE OF deleted_at ON sessions
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number IN (SELECT i.number FROM session_questions sq
     CROSS JOIN answers a ON a.owner_id = sq.owner_id AND a.session_question_id = sq.id
     CROSS JOIN answer_index i ON i.owner_id = a.owner_id AND i.answer_id = a.id
     WHERE sq.owner_id = new.owner_id AND sq.session_id = new.id);
    UPDATE answer_index SET hidden = 1 WHERE number IN (SELECT i.number FROM session_questions sq
     CROSS JOIN answers a ON a.owner_id = sq.owner_id AND a.session_question_id = sq.id
     CROSS JOIN answer_index i ON i.owner_id = a.owner_id AND i.answer_id = a.id
     WHERE sq.owner_id = new.owner_id AND sq.session_id = new.id);
END
""",
    """
CREATE TRIGGER session_shown AFTER UPDATE OF deleted_at ON sessions
WHEN new.deleted_at IS NULL AND old.deleted_at IS NOT NULL BEGIN
    UPDATE answer_index SET hidden = 0 WHERE number IN (SELECT i.number FROM session_questions sq
     CROSS JOIN answers a ON a.owner_id = sq.owner_id AND a.session_question_id = sq.id
     CROSS JOIN answer_index i ON i.owner_id = a.owner_id AND i.answer_id = a.id
     WHERE sq.owner_id = new.owner_id AND sq.session_id = new.id);
    INSERT INTO answer_words (rowid, text)
    SELECT number, text FROM answer_texts WHERE number IN (SELECT i.number FROM session_questions sq
     CROSS JOIN answers a ON a.owner_id = sq.owner_id AND a.session_question_id = sq.id
     CROSS JOIN answer_index i ON i.owner_id = a.owner_id AND i.answer_id = a.id
     WHERE sq.owner_id = new.owner_id AND sq.session_id = new.id);
END
""",
)
_FILL = (
    """
INSERT INTO question_index (owner_id, question_id, topic, difficulty, asked, lot)
SELECT owner_id, id, topic, difficulty,
       coalesce((SELECT max(asked.id) FROM session_questions asked
                 WHERE asked.owner_id = questions.owner_id
                 AND asked.question_id = questions.id), x''),
       random() & 0x7fffffff
FROM questions WHERE deleted_at IS NULL ORDER BY created_at, id
""",
    """
INSERT INTO answer_index (owner_id, answer_id, hidden)
SELECT a.owner_id, a.id, s.deleted_at IS NOT NULL
FROM answers a
JOIN session_questions sq ON sq.owner_id = a.owner_id AND sq.id = a.session_question_id
JOIN sessions s ON s.owner_id = sq.owner_id AND s.id = sq.session_id
ORDER BY a.created_at, a.id
""",
    "INSERT INTO question_words (question_words) VALUES ('rebuild')",
    "INSERT INTO answer_words (answer_words) VALUES ('rebuild')",
    # Otherwise the first write would merge what was filled at one stroke: seconds, with many rows.
    "INSERT INTO question_words (question_words) VALUES ('optimize')",
    "INSERT INTO answer_words (answer_words) VALUES ('optimize')",
)
_MADE = (
    "TRIGGER session_shown",
    "TRIGGER session_hidden",
    "TRIGGER answer_deleting",
    "TRIGGER answer_changed",
    "TRIGGER answer_changing",
    "TRIGGER answer_inserted",
    "TRIGGER question_unasked",
    "TRIGGER question_asked",
    "TRIGGER question_deleting",
    "TRIGGER question_changed",
    "TRIGGER question_changing",
    "TRIGGER question_inserted",
    "TABLE answer_words",
    "TABLE question_words",
    "VIEW answer_texts",
    "VIEW question_texts",
    "TABLE forgotten",
    "TABLE answer_index",
    "TABLE question_index",
)
_POSTGRESQL = (
    """
CREATE INDEX ix_questions_words ON questions
USING gin (to_tsvector('simple', prompt), to_tsvector('simple', tags))
""",
    """
CREATE INDEX ix_answers_words ON answers USING gin (to_tsvector('simple', left(text, 100000)))
""",
)


def upgrade() -> None:
    """Make them, for the rows that are there too."""
    op.drop_index("ix_questions_owner_id_topic", "questions")
    op.create_index("ix_questions_live", "questions", ["owner_id", "deleted_at", "topic", "id"])
    op.create_index(
        "ix_questions_live_facets",
        "questions",
        ["owner_id", "deleted_at", "kind", "difficulty", "source", "topic", "id"],
    )
    op.create_index(
        "ix_sessions_deleted",
        "sessions",
        ["owner_id", "id"],
        sqlite_where=_DELETED,
        postgresql_where=_DELETED,
    )
    for statement in (*_SQLITE, *_FILL) if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    if _is_sqlite():
        for made in _MADE:
            op.execute(f"DROP {made}")
    else:
        op.execute("DROP INDEX ix_answers_words")
        op.execute("DROP INDEX ix_questions_words")
    op.drop_index("ix_sessions_deleted", "sessions")
    op.drop_index("ix_questions_live_facets", "questions")
    op.drop_index("ix_questions_live", "questions")
    op.create_index("ix_questions_owner_id_topic", "questions", ["owner_id", "topic", "id"])


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
