"""What is derived from the rows so that they are found quickly: SQL for the schema to run.

In SQLite, FTS5 names a row by a number, and the numbers that SQLite gives rows by itself change at
a VACUUM. So each question and answer has a number of its own in `question_index` and
`answer_index`; views lead from there to the text, which is not stored a second time. Triggers keep
all of it, and it can be made anew from the rows. It is nobody's data, and none of it leaves the
file.

PostgreSQL gets expression indexes over the same columns.
"""

from __future__ import annotations

from itertools import chain

_SIGNS = "".join(
    map(
        chr,
        chain(
            range(0x20BA, 0x20C1),
            range(0x1F300, 0x1F650),
            range(0x1F680, 0x1F700),
            range(0x1F900, 0x1FB00),
        ),
    )
)
"""Currencies and emoji: SQLite takes those that are newer than Unicode 6.1 for letters."""
TOKENIZE = f"unicode61 remove_diacritics 2 separators '{_SIGNS}'"

_QUESTION_INDEX = """
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
"""
"""`asked` is the newest row of session_questions that asks it, x'' if none; `lot` is drawn once."""

_QUESTION_TURNS = """
CREATE INDEX ix_question_index_turn
ON question_index (owner_id, topic, difficulty, asked, lot)
"""

_ANSWER_INDEX = """
CREATE TABLE answer_index (
    number INTEGER NOT NULL PRIMARY KEY,
    owner_id BLOB NOT NULL,
    answer_id BLOB NOT NULL,
    hidden INTEGER NOT NULL,
    UNIQUE (owner_id, answer_id)
)
"""
"""`hidden` while the answer's interview is out of the history: its words are in no index then."""

_FORGOTTEN = """
CREATE TABLE forgotten (
    words TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
)
"""
"""How many texts are gone whose words an index may still hold: FTS5 only notes that they no longer
count, until it happens to write that part of the index anew. Who has seen to that deletes the line.
"""

_QUESTION_TEXTS = """
CREATE VIEW question_texts AS
SELECT i.number, q.prompt, q.tags,
       char(0xE000) || 'kind' || q.kind || ' ' || char(0xE000) || 'difficulty' || q.difficulty
       || ' ' || char(0xE000) || 'source' || q.source
       || ' ' || char(0xE000) || 'topic' || replace(q.topic, '-', char(0xE000)) AS facets
FROM question_index i JOIN questions q ON q.owner_id = i.owner_id AND q.id = i.question_id
"""
"""What a filter may ask for is a word too, so that one look into the index answers both. A letter
for private use begins it, which no search looks for; it also stands for a topic's hyphens, which
would cut it in parts.
"""

_ANSWER_TEXTS = """
CREATE VIEW answer_texts AS
SELECT i.number, a.text
FROM answer_index i JOIN answers a ON a.owner_id = i.owner_id AND a.id = i.answer_id
WHERE NOT i.hidden
"""

_QUESTION_WORDS = f"""
CREATE VIRTUAL TABLE question_words USING fts5(
    prompt, tags, facets, content = 'question_texts', content_rowid = 'number',
    tokenize = "{TOKENIZE}", prefix = '2 3'
)
"""

_ANSWER_WORDS = f"""
CREATE VIRTUAL TABLE answer_words USING fts5(
    text, content = 'answer_texts', content_rowid = 'number',
    tokenize = "{TOKENIZE}", prefix = '2 3'
)
"""

_ADD_QUESTION = """
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
"""

_TAKE_QUESTION = """
    INSERT INTO question_words (question_words, rowid, prompt, tags, facets)
    SELECT 'delete', number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = old.owner_id AND question_id = old.id);
    INSERT INTO forgotten VALUES ('question_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
"""
"""Runs before the change: the index has to be told the words that it had."""

_ADD_ANSWER = """
    INSERT INTO answer_words (rowid, text)
    SELECT number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = new.owner_id AND answer_id = new.id);
"""

_TAKE_ANSWER = """
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = old.owner_id AND answer_id = old.id);
    INSERT INTO forgotten VALUES ('answer_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
"""

_OF_THE_SESSION = """\
(SELECT i.number FROM session_questions sq
     CROSS JOIN answers a ON a.owner_id = sq.owner_id AND a.session_question_id = sq.id
     CROSS JOIN answer_index i ON i.owner_id = a.owner_id AND i.answer_id = a.id
     WHERE sq.owner_id = new.owner_id AND sq.session_id = new.id)"""

_QUESTION_COLUMNS = "kind, topic, difficulty, prompt, tags, source, deleted_at"

_TRIGGERS = (
    f"""
CREATE TRIGGER question_inserted AFTER INSERT ON questions BEGIN{_ADD_QUESTION}END
""",
    f"""
CREATE TRIGGER question_changing BEFORE UPDATE
OF {_QUESTION_COLUMNS} ON questions BEGIN{_TAKE_QUESTION}END
""",
    f"""
CREATE TRIGGER question_changed AFTER UPDATE
OF {_QUESTION_COLUMNS} ON questions BEGIN
    DELETE FROM question_index WHERE owner_id = new.owner_id AND question_id = new.id
    AND new.deleted_at IS NOT NULL;{_ADD_QUESTION}END
""",
    f"""
CREATE TRIGGER question_deleting BEFORE DELETE ON questions BEGIN{_TAKE_QUESTION}\
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
    f"""
CREATE TRIGGER answer_inserted AFTER INSERT ON answers BEGIN
    INSERT INTO answer_index (owner_id, answer_id, hidden)
    SELECT new.owner_id, new.id, s.deleted_at IS NOT NULL
    FROM session_questions sq JOIN sessions s ON s.owner_id = sq.owner_id AND s.id = sq.session_id
    WHERE sq.owner_id = new.owner_id AND sq.id = new.session_question_id;{_ADD_ANSWER}END
""",
    f"""
CREATE TRIGGER answer_changing BEFORE UPDATE OF text ON answers BEGIN{_TAKE_ANSWER}END
""",
    f"""
CREATE TRIGGER answer_changed AFTER UPDATE OF text ON answers BEGIN{_ADD_ANSWER}END
""",
    f"""
CREATE TRIGGER answer_deleting BEFORE DELETE ON answers BEGIN{_TAKE_ANSWER}\
    DELETE FROM answer_index WHERE owner_id = old.owner_id AND answer_id = old.id;
END
""",
    f"""
CREATE TRIGGER session_hidden AFTER UPDATE OF deleted_at ON sessions
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number IN {_OF_THE_SESSION};
    UPDATE answer_index SET hidden = 1 WHERE number IN {_OF_THE_SESSION};
END
""",
    f"""
CREATE TRIGGER session_shown AFTER UPDATE OF deleted_at ON sessions
WHEN new.deleted_at IS NULL AND old.deleted_at IS NOT NULL BEGIN
    UPDATE answer_index SET hidden = 0 WHERE number IN {_OF_THE_SESSION};
    INSERT INTO answer_words (rowid, text)
    SELECT number, text FROM answer_texts WHERE number IN {_OF_THE_SESSION};
END
""",
)

SQLITE = (
    _QUESTION_INDEX,
    _QUESTION_TURNS,
    _ANSWER_INDEX,
    _FORGOTTEN,
    _QUESTION_TEXTS,
    _ANSWER_TEXTS,
    _QUESTION_WORDS,
    _ANSWER_WORDS,
    *_TRIGGERS,
)
"""In the order in which they can be made."""

POSTGRESQL = (
    """
CREATE INDEX ix_questions_words ON questions
USING gin (to_tsvector('simple', prompt), to_tsvector('simple', tags))
""",
    # A tsvector holds a megabyte.
    """
CREATE INDEX ix_answers_words ON answers USING gin (to_tsvector('simple', left(text, 100000)))
""",
)
