-- index ix_change_log_owner_id_entity
CREATE INDEX ix_change_log_owner_id_entity ON change_log (owner_id, entity, entity_id, clock)

-- index ix_evaluation_jobs_owner_id_answer_id
CREATE INDEX ix_evaluation_jobs_owner_id_answer_id ON evaluation_jobs (owner_id, answer_id)

-- index ix_evaluation_jobs_owner_id_state
CREATE INDEX ix_evaluation_jobs_owner_id_state ON evaluation_jobs (owner_id, state, id)

-- index ix_heard_parts_owner_id_recording_id
CREATE INDEX ix_heard_parts_owner_id_recording_id ON heard_parts (owner_id, recording_id, id)

-- index ix_question_index_turn
CREATE INDEX ix_question_index_turn
ON question_index (owner_id, topic, difficulty, asked, lot)


-- index ix_questions_live
CREATE INDEX ix_questions_live ON questions (owner_id, deleted_at, topic, id)

-- index ix_questions_live_facets
CREATE INDEX ix_questions_live_facets ON questions (owner_id, deleted_at, kind, difficulty, source, topic, id)

-- index ix_recordings_owner_id_session_question_id
CREATE INDEX ix_recordings_owner_id_session_question_id ON recordings (owner_id, session_question_id, id)

-- index ix_recordings_owner_id_state
CREATE INDEX ix_recordings_owner_id_state ON recordings (owner_id, state, id)

-- index ix_session_questions_owner_id_question_id
CREATE INDEX ix_session_questions_owner_id_question_id ON session_questions (owner_id, question_id, id)

-- index ix_sessions_deleted
CREATE INDEX ix_sessions_deleted ON sessions (owner_id, id) WHERE deleted_at IS NOT NULL

-- index sqlite_autoindex_alembic_version_1
-- by itself

-- index sqlite_autoindex_answer_index_1
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

-- index sqlite_autoindex_forgotten_1
-- by itself

-- index sqlite_autoindex_heard_parts_1
-- by itself

-- index sqlite_autoindex_question_index_1
-- by itself

-- index sqlite_autoindex_questions_1
-- by itself

-- index sqlite_autoindex_recordings_1
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

-- table answer_index
CREATE TABLE answer_index (
    number INTEGER NOT NULL PRIMARY KEY,
    owner_id BLOB NOT NULL,
    answer_id BLOB NOT NULL,
    hidden INTEGER NOT NULL,
    UNIQUE (owner_id, answer_id)
)

-- table answer_words
CREATE VIRTUAL TABLE answer_words USING fts5(
    text, content = 'answer_texts', content_rowid = 'number',
    tokenize = "unicode61 remove_diacritics 2 separators '₺₻₼₽₾₿⃀🌀🌁🌂🌃🌄🌅🌆🌇🌈🌉🌊🌋🌌🌍🌎🌏🌐🌑🌒🌓🌔🌕🌖🌗🌘🌙🌚🌛🌜🌝🌞🌟🌠🌡🌢🌣🌤🌥🌦🌧🌨🌩🌪🌫🌬🌭🌮🌯🌰🌱🌲🌳🌴🌵🌶🌷🌸🌹🌺🌻🌼🌽🌾🌿🍀🍁🍂🍃🍄🍅🍆🍇🍈🍉🍊🍋🍌🍍🍎🍏🍐🍑🍒🍓🍔🍕🍖🍗🍘🍙🍚🍛🍜🍝🍞🍟🍠🍡🍢🍣🍤🍥🍦🍧🍨🍩🍪🍫🍬🍭🍮🍯🍰🍱🍲🍳🍴🍵🍶🍷🍸🍹🍺🍻🍼🍽🍾🍿🎀🎁🎂🎃🎄🎅🎆🎇🎈🎉🎊🎋🎌🎍🎎🎏🎐🎑🎒🎓🎔🎕🎖🎗🎘🎙🎚🎛🎜🎝🎞🎟🎠🎡🎢🎣🎤🎥🎦🎧🎨🎩🎪🎫🎬🎭🎮🎯🎰🎱🎲🎳🎴🎵🎶🎷🎸🎹🎺🎻🎼🎽🎾🎿🏀🏁🏂🏃🏄🏅🏆🏇🏈🏉🏊🏋🏌🏍🏎🏏🏐🏑🏒🏓🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏠🏡🏢🏣🏤🏥🏦🏧🏨🏩🏪🏫🏬🏭🏮🏯🏰🏱🏲🏳🏴🏵🏶🏷🏸🏹🏺🏻🏼🏽🏾🏿🐀🐁🐂🐃🐄🐅🐆🐇🐈🐉🐊🐋🐌🐍🐎🐏🐐🐑🐒🐓🐔🐕🐖🐗🐘🐙🐚🐛🐜🐝🐞🐟🐠🐡🐢🐣🐤🐥🐦🐧🐨🐩🐪🐫🐬🐭🐮🐯🐰🐱🐲🐳🐴🐵🐶🐷🐸🐹🐺🐻🐼🐽🐾🐿👀👁👂👃👄👅👆👇👈👉👊👋👌👍👎👏👐👑👒👓👔👕👖👗👘👙👚👛👜👝👞👟👠👡👢👣👤👥👦👧👨👩👪👫👬👭👮👯👰👱👲👳👴👵👶👷👸👹👺👻👼👽👾👿💀💁💂💃💄💅💆💇💈💉💊💋💌💍💎💏💐💑💒💓💔💕💖💗💘💙💚💛💜💝💞💟💠💡💢💣💤💥💦💧💨💩💪💫💬💭💮💯💰💱💲💳💴💵💶💷💸💹💺💻💼💽💾💿📀📁📂📃📄📅📆📇📈📉📊📋📌📍📎📏📐📑📒📓📔📕📖📗📘📙📚📛📜📝📞📟📠📡📢📣📤📥📦📧📨📩📪📫📬📭📮📯📰📱📲📳📴📵📶📷📸📹📺📻📼📽📾📿🔀🔁🔂🔃🔄🔅🔆🔇🔈🔉🔊🔋🔌🔍🔎🔏🔐🔑🔒🔓🔔🔕🔖🔗🔘🔙🔚🔛🔜🔝🔞🔟🔠🔡🔢🔣🔤🔥🔦🔧🔨🔩🔪🔫🔬🔭🔮🔯🔰🔱🔲🔳🔴🔵🔶🔷🔸🔹🔺🔻🔼🔽🔾🔿🕀🕁🕂🕃🕄🕅🕆🕇🕈🕉🕊🕋🕌🕍🕎🕏🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛🕜🕝🕞🕟🕠🕡🕢🕣🕤🕥🕦🕧🕨🕩🕪🕫🕬🕭🕮🕯🕰🕱🕲🕳🕴🕵🕶🕷🕸🕹🕺🕻🕼🕽🕾🕿🖀🖁🖂🖃🖄🖅🖆🖇🖈🖉🖊🖋🖌🖍🖎🖏🖐🖑🖒🖓🖔🖕🖖🖗🖘🖙🖚🖛🖜🖝🖞🖟🖠🖡🖢🖣🖤🖥🖦🖧🖨🖩🖪🖫🖬🖭🖮🖯🖰🖱🖲🖳🖴🖵🖶🖷🖸🖹🖺🖻🖼🖽🖾🖿🗀🗁🗂🗃🗄🗅🗆🗇🗈🗉🗊🗋🗌🗍🗎🗏🗐🗑🗒🗓🗔🗕🗖🗗🗘🗙🗚🗛🗜🗝🗞🗟🗠🗡🗢🗣🗤🗥🗦🗧🗨🗩🗪🗫🗬🗭🗮🗯🗰🗱🗲🗳🗴🗵🗶🗷🗸🗹🗺🗻🗼🗽🗾🗿😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔😕😖😗😘😙😚😛😜😝😞😟😠😡😢😣😤😥😦😧😨😩😪😫😬😭😮😯😰😱😲😳😴😵😶😷😸😹😺😻😼😽😾😿🙀🙁🙂🙃🙄🙅🙆🙇🙈🙉🙊🙋🙌🙍🙎🙏🚀🚁🚂🚃🚄🚅🚆🚇🚈🚉🚊🚋🚌🚍🚎🚏🚐🚑🚒🚓🚔🚕🚖🚗🚘🚙🚚🚛🚜🚝🚞🚟🚠🚡🚢🚣🚤🚥🚦🚧🚨🚩🚪🚫🚬🚭🚮🚯🚰🚱🚲🚳🚴🚵🚶🚷🚸🚹🚺🚻🚼🚽🚾🚿🛀🛁🛂🛃🛄🛅🛆🛇🛈🛉🛊🛋🛌🛍🛎🛏🛐🛑🛒🛓🛔🛕🛖🛗🛘🛙🛚🛛🛜🛝🛞🛟🛠🛡🛢🛣🛤🛥🛦🛧🛨🛩🛪🛫🛬🛭🛮🛯🛰🛱🛲🛳🛴🛵🛶🛷🛸🛹🛺🛻🛼🛽🛾🛿🤀🤁🤂🤃🤄🤅🤆🤇🤈🤉🤊🤋🤌🤍🤎🤏🤐🤑🤒🤓🤔🤕🤖🤗🤘🤙🤚🤛🤜🤝🤞🤟🤠🤡🤢🤣🤤🤥🤦🤧🤨🤩🤪🤫🤬🤭🤮🤯🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤺🤻🤼🤽🤾🤿🥀🥁🥂🥃🥄🥅🥆🥇🥈🥉🥊🥋🥌🥍🥎🥏🥐🥑🥒🥓🥔🥕🥖🥗🥘🥙🥚🥛🥜🥝🥞🥟🥠🥡🥢🥣🥤🥥🥦🥧🥨🥩🥪🥫🥬🥭🥮🥯🥰🥱🥲🥳🥴🥵🥶🥷🥸🥹🥺🥻🥼🥽🥾🥿🦀🦁🦂🦃🦄🦅🦆🦇🦈🦉🦊🦋🦌🦍🦎🦏🦐🦑🦒🦓🦔🦕🦖🦗🦘🦙🦚🦛🦜🦝🦞🦟🦠🦡🦢🦣🦤🦥🦦🦧🦨🦩🦪🦫🦬🦭🦮🦯🦰🦱🦲🦳🦴🦵🦶🦷🦸🦹🦺🦻🦼🦽🦾🦿🧀🧁🧂🧃🧄🧅🧆🧇🧈🧉🧊🧋🧌🧍🧎🧏🧐🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜🧝🧞🧟🧠🧡🧢🧣🧤🧥🧦🧧🧨🧩🧪🧫🧬🧭🧮🧯🧰🧱🧲🧳🧴🧵🧶🧷🧸🧹🧺🧻🧼🧽🧾🧿🨀🨁🨂🨃🨄🨅🨆🨇🨈🨉🨊🨋🨌🨍🨎🨏🨐🨑🨒🨓🨔🨕🨖🨗🨘🨙🨚🨛🨜🨝🨞🨟🨠🨡🨢🨣🨤🨥🨦🨧🨨🨩🨪🨫🨬🨭🨮🨯🨰🨱🨲🨳🨴🨵🨶🨷🨸🨹🨺🨻🨼🨽🨾🨿🩀🩁🩂🩃🩄🩅🩆🩇🩈🩉🩊🩋🩌🩍🩎🩏🩐🩑🩒🩓🩔🩕🩖🩗🩘🩙🩚🩛🩜🩝🩞🩟🩠🩡🩢🩣🩤🩥🩦🩧🩨🩩🩪🩫🩬🩭🩮🩯🩰🩱🩲🩳🩴🩵🩶🩷🩸🩹🩺🩻🩼🩽🩾🩿🪀🪁🪂🪃🪄🪅🪆🪇🪈🪉🪊🪋🪌🪍🪎🪏🪐🪑🪒🪓🪔🪕🪖🪗🪘🪙🪚🪛🪜🪝🪞🪟🪠🪡🪢🪣🪤🪥🪦🪧🪨🪩🪪🪫🪬🪭🪮🪯🪰🪱🪲🪳🪴🪵🪶🪷🪸🪹🪺🪻🪼🪽🪾🪿🫀🫁🫂🫃🫄🫅🫆🫇🫈🫉🫊🫋🫌🫍🫎🫏🫐🫑🫒🫓🫔🫕🫖🫗🫘🫙🫚🫛🫜🫝🫞🫟🫠🫡🫢🫣🫤🫥🫦🫧🫨🫩🫪🫫🫬🫭🫮🫯🫰🫱🫲🫳🫴🫵🫶🫷🫸🫹🫺🫻🫼🫽🫾🫿'", prefix = '2 3'
)

-- table answer_words_config
CREATE TABLE 'answer_words_config'(k PRIMARY KEY, v) WITHOUT ROWID

-- table answer_words_data
CREATE TABLE 'answer_words_data'(id INTEGER PRIMARY KEY, block BLOB)

-- table answer_words_docsize
CREATE TABLE 'answer_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB)

-- table answer_words_idx
CREATE TABLE 'answer_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID

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
	deleted_at BIGINT, spoken TEXT, 
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

-- table forgotten
CREATE TABLE forgotten (
    words TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
)

-- table heard_parts
CREATE TABLE heard_parts (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	recording_id BLOB NOT NULL, 
	start_ms INTEGER NOT NULL, 
	end_ms INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_heard_parts PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_heard_parts_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id), 
	CONSTRAINT fk_heard_parts_recordings FOREIGN KEY(owner_id, recording_id) REFERENCES recordings (owner_id, id) ON DELETE CASCADE
)

-- table question_index
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

-- table question_words
CREATE VIRTUAL TABLE question_words USING fts5(
    prompt, tags, facets, content = 'question_texts', content_rowid = 'number',
    tokenize = "unicode61 remove_diacritics 2 separators '₺₻₼₽₾₿⃀🌀🌁🌂🌃🌄🌅🌆🌇🌈🌉🌊🌋🌌🌍🌎🌏🌐🌑🌒🌓🌔🌕🌖🌗🌘🌙🌚🌛🌜🌝🌞🌟🌠🌡🌢🌣🌤🌥🌦🌧🌨🌩🌪🌫🌬🌭🌮🌯🌰🌱🌲🌳🌴🌵🌶🌷🌸🌹🌺🌻🌼🌽🌾🌿🍀🍁🍂🍃🍄🍅🍆🍇🍈🍉🍊🍋🍌🍍🍎🍏🍐🍑🍒🍓🍔🍕🍖🍗🍘🍙🍚🍛🍜🍝🍞🍟🍠🍡🍢🍣🍤🍥🍦🍧🍨🍩🍪🍫🍬🍭🍮🍯🍰🍱🍲🍳🍴🍵🍶🍷🍸🍹🍺🍻🍼🍽🍾🍿🎀🎁🎂🎃🎄🎅🎆🎇🎈🎉🎊🎋🎌🎍🎎🎏🎐🎑🎒🎓🎔🎕🎖🎗🎘🎙🎚🎛🎜🎝🎞🎟🎠🎡🎢🎣🎤🎥🎦🎧🎨🎩🎪🎫🎬🎭🎮🎯🎰🎱🎲🎳🎴🎵🎶🎷🎸🎹🎺🎻🎼🎽🎾🎿🏀🏁🏂🏃🏄🏅🏆🏇🏈🏉🏊🏋🏌🏍🏎🏏🏐🏑🏒🏓🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏠🏡🏢🏣🏤🏥🏦🏧🏨🏩🏪🏫🏬🏭🏮🏯🏰🏱🏲🏳🏴🏵🏶🏷🏸🏹🏺🏻🏼🏽🏾🏿🐀🐁🐂🐃🐄🐅🐆🐇🐈🐉🐊🐋🐌🐍🐎🐏🐐🐑🐒🐓🐔🐕🐖🐗🐘🐙🐚🐛🐜🐝🐞🐟🐠🐡🐢🐣🐤🐥🐦🐧🐨🐩🐪🐫🐬🐭🐮🐯🐰🐱🐲🐳🐴🐵🐶🐷🐸🐹🐺🐻🐼🐽🐾🐿👀👁👂👃👄👅👆👇👈👉👊👋👌👍👎👏👐👑👒👓👔👕👖👗👘👙👚👛👜👝👞👟👠👡👢👣👤👥👦👧👨👩👪👫👬👭👮👯👰👱👲👳👴👵👶👷👸👹👺👻👼👽👾👿💀💁💂💃💄💅💆💇💈💉💊💋💌💍💎💏💐💑💒💓💔💕💖💗💘💙💚💛💜💝💞💟💠💡💢💣💤💥💦💧💨💩💪💫💬💭💮💯💰💱💲💳💴💵💶💷💸💹💺💻💼💽💾💿📀📁📂📃📄📅📆📇📈📉📊📋📌📍📎📏📐📑📒📓📔📕📖📗📘📙📚📛📜📝📞📟📠📡📢📣📤📥📦📧📨📩📪📫📬📭📮📯📰📱📲📳📴📵📶📷📸📹📺📻📼📽📾📿🔀🔁🔂🔃🔄🔅🔆🔇🔈🔉🔊🔋🔌🔍🔎🔏🔐🔑🔒🔓🔔🔕🔖🔗🔘🔙🔚🔛🔜🔝🔞🔟🔠🔡🔢🔣🔤🔥🔦🔧🔨🔩🔪🔫🔬🔭🔮🔯🔰🔱🔲🔳🔴🔵🔶🔷🔸🔹🔺🔻🔼🔽🔾🔿🕀🕁🕂🕃🕄🕅🕆🕇🕈🕉🕊🕋🕌🕍🕎🕏🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛🕜🕝🕞🕟🕠🕡🕢🕣🕤🕥🕦🕧🕨🕩🕪🕫🕬🕭🕮🕯🕰🕱🕲🕳🕴🕵🕶🕷🕸🕹🕺🕻🕼🕽🕾🕿🖀🖁🖂🖃🖄🖅🖆🖇🖈🖉🖊🖋🖌🖍🖎🖏🖐🖑🖒🖓🖔🖕🖖🖗🖘🖙🖚🖛🖜🖝🖞🖟🖠🖡🖢🖣🖤🖥🖦🖧🖨🖩🖪🖫🖬🖭🖮🖯🖰🖱🖲🖳🖴🖵🖶🖷🖸🖹🖺🖻🖼🖽🖾🖿🗀🗁🗂🗃🗄🗅🗆🗇🗈🗉🗊🗋🗌🗍🗎🗏🗐🗑🗒🗓🗔🗕🗖🗗🗘🗙🗚🗛🗜🗝🗞🗟🗠🗡🗢🗣🗤🗥🗦🗧🗨🗩🗪🗫🗬🗭🗮🗯🗰🗱🗲🗳🗴🗵🗶🗷🗸🗹🗺🗻🗼🗽🗾🗿😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔😕😖😗😘😙😚😛😜😝😞😟😠😡😢😣😤😥😦😧😨😩😪😫😬😭😮😯😰😱😲😳😴😵😶😷😸😹😺😻😼😽😾😿🙀🙁🙂🙃🙄🙅🙆🙇🙈🙉🙊🙋🙌🙍🙎🙏🚀🚁🚂🚃🚄🚅🚆🚇🚈🚉🚊🚋🚌🚍🚎🚏🚐🚑🚒🚓🚔🚕🚖🚗🚘🚙🚚🚛🚜🚝🚞🚟🚠🚡🚢🚣🚤🚥🚦🚧🚨🚩🚪🚫🚬🚭🚮🚯🚰🚱🚲🚳🚴🚵🚶🚷🚸🚹🚺🚻🚼🚽🚾🚿🛀🛁🛂🛃🛄🛅🛆🛇🛈🛉🛊🛋🛌🛍🛎🛏🛐🛑🛒🛓🛔🛕🛖🛗🛘🛙🛚🛛🛜🛝🛞🛟🛠🛡🛢🛣🛤🛥🛦🛧🛨🛩🛪🛫🛬🛭🛮🛯🛰🛱🛲🛳🛴🛵🛶🛷🛸🛹🛺🛻🛼🛽🛾🛿🤀🤁🤂🤃🤄🤅🤆🤇🤈🤉🤊🤋🤌🤍🤎🤏🤐🤑🤒🤓🤔🤕🤖🤗🤘🤙🤚🤛🤜🤝🤞🤟🤠🤡🤢🤣🤤🤥🤦🤧🤨🤩🤪🤫🤬🤭🤮🤯🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤺🤻🤼🤽🤾🤿🥀🥁🥂🥃🥄🥅🥆🥇🥈🥉🥊🥋🥌🥍🥎🥏🥐🥑🥒🥓🥔🥕🥖🥗🥘🥙🥚🥛🥜🥝🥞🥟🥠🥡🥢🥣🥤🥥🥦🥧🥨🥩🥪🥫🥬🥭🥮🥯🥰🥱🥲🥳🥴🥵🥶🥷🥸🥹🥺🥻🥼🥽🥾🥿🦀🦁🦂🦃🦄🦅🦆🦇🦈🦉🦊🦋🦌🦍🦎🦏🦐🦑🦒🦓🦔🦕🦖🦗🦘🦙🦚🦛🦜🦝🦞🦟🦠🦡🦢🦣🦤🦥🦦🦧🦨🦩🦪🦫🦬🦭🦮🦯🦰🦱🦲🦳🦴🦵🦶🦷🦸🦹🦺🦻🦼🦽🦾🦿🧀🧁🧂🧃🧄🧅🧆🧇🧈🧉🧊🧋🧌🧍🧎🧏🧐🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜🧝🧞🧟🧠🧡🧢🧣🧤🧥🧦🧧🧨🧩🧪🧫🧬🧭🧮🧯🧰🧱🧲🧳🧴🧵🧶🧷🧸🧹🧺🧻🧼🧽🧾🧿🨀🨁🨂🨃🨄🨅🨆🨇🨈🨉🨊🨋🨌🨍🨎🨏🨐🨑🨒🨓🨔🨕🨖🨗🨘🨙🨚🨛🨜🨝🨞🨟🨠🨡🨢🨣🨤🨥🨦🨧🨨🨩🨪🨫🨬🨭🨮🨯🨰🨱🨲🨳🨴🨵🨶🨷🨸🨹🨺🨻🨼🨽🨾🨿🩀🩁🩂🩃🩄🩅🩆🩇🩈🩉🩊🩋🩌🩍🩎🩏🩐🩑🩒🩓🩔🩕🩖🩗🩘🩙🩚🩛🩜🩝🩞🩟🩠🩡🩢🩣🩤🩥🩦🩧🩨🩩🩪🩫🩬🩭🩮🩯🩰🩱🩲🩳🩴🩵🩶🩷🩸🩹🩺🩻🩼🩽🩾🩿🪀🪁🪂🪃🪄🪅🪆🪇🪈🪉🪊🪋🪌🪍🪎🪏🪐🪑🪒🪓🪔🪕🪖🪗🪘🪙🪚🪛🪜🪝🪞🪟🪠🪡🪢🪣🪤🪥🪦🪧🪨🪩🪪🪫🪬🪭🪮🪯🪰🪱🪲🪳🪴🪵🪶🪷🪸🪹🪺🪻🪼🪽🪾🪿🫀🫁🫂🫃🫄🫅🫆🫇🫈🫉🫊🫋🫌🫍🫎🫏🫐🫑🫒🫓🫔🫕🫖🫗🫘🫙🫚🫛🫜🫝🫞🫟🫠🫡🫢🫣🫤🫥🫦🫧🫨🫩🫪🫫🫬🫭🫮🫯🫰🫱🫲🫳🫴🫵🫶🫷🫸🫹🫺🫻🫼🫽🫾🫿'", prefix = '2 3'
)

-- table question_words_config
CREATE TABLE 'question_words_config'(k PRIMARY KEY, v) WITHOUT ROWID

-- table question_words_data
CREATE TABLE 'question_words_data'(id INTEGER PRIMARY KEY, block BLOB)

-- table question_words_docsize
CREATE TABLE 'question_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB)

-- table question_words_idx
CREATE TABLE 'question_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID

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

-- table recordings
CREATE TABLE recordings (
	owner_id BLOB NOT NULL, 
	id BLOB NOT NULL, 
	session_question_id BLOB NOT NULL, 
	answer_id BLOB, 
	state TEXT NOT NULL, 
	kept INTEGER NOT NULL, 
	duration_ms INTEGER NOT NULL, 
	problem TEXT, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_recordings PRIMARY KEY (owner_id, id), 
	CONSTRAINT fk_recordings_workspaces FOREIGN KEY(owner_id) REFERENCES workspaces (id), 
	CONSTRAINT fk_recordings_session_questions FOREIGN KEY(owner_id, session_question_id) REFERENCES session_questions (owner_id, id) ON DELETE CASCADE
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

-- trigger answer_changed
CREATE TRIGGER answer_changed AFTER UPDATE OF text ON answers BEGIN
    INSERT INTO answer_words (rowid, text)
    SELECT number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = new.owner_id AND answer_id = new.id);
END

-- trigger answer_changing
CREATE TRIGGER answer_changing BEFORE UPDATE OF text ON answers BEGIN
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = old.owner_id AND answer_id = old.id);
    INSERT INTO forgotten VALUES ('answer_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
END

-- trigger answer_deleting
CREATE TRIGGER answer_deleting BEFORE DELETE ON answers BEGIN
    INSERT INTO answer_words (answer_words, rowid, text)
    SELECT 'delete', number, text FROM answer_texts
    WHERE number = (SELECT number FROM answer_index
                    WHERE owner_id = old.owner_id AND answer_id = old.id);
    INSERT INTO forgotten VALUES ('answer_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
    DELETE FROM answer_index WHERE owner_id = old.owner_id AND answer_id = old.id;
END

-- trigger answer_inserted
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

-- trigger question_asked
CREATE TRIGGER question_asked AFTER INSERT ON session_questions BEGIN
    UPDATE question_index SET asked = new.id
    WHERE owner_id = new.owner_id AND question_id = new.question_id AND asked < new.id;
END

-- trigger question_changed
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

-- trigger question_changing
CREATE TRIGGER question_changing BEFORE UPDATE
OF kind, topic, difficulty, prompt, tags, source, deleted_at ON questions BEGIN
    INSERT INTO question_words (question_words, rowid, prompt, tags, facets)
    SELECT 'delete', number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = old.owner_id AND question_id = old.id);
    INSERT INTO forgotten VALUES ('question_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
END

-- trigger question_deleting
CREATE TRIGGER question_deleting BEFORE DELETE ON questions BEGIN
    INSERT INTO question_words (question_words, rowid, prompt, tags, facets)
    SELECT 'delete', number, prompt, tags, facets FROM question_texts
    WHERE number = (SELECT number FROM question_index
                    WHERE owner_id = old.owner_id AND question_id = old.id);
    INSERT INTO forgotten VALUES ('question_words', 1)
    ON CONFLICT (words) DO UPDATE SET count = count + 1;
    DELETE FROM question_index WHERE owner_id = old.owner_id AND question_id = old.id;
END

-- trigger question_inserted
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

-- trigger question_unasked
CREATE TRIGGER question_unasked AFTER DELETE ON session_questions BEGIN
    UPDATE question_index
    SET asked = coalesce((SELECT max(id) FROM session_questions
                          WHERE owner_id = old.owner_id AND question_id = old.question_id), x'')
    WHERE owner_id = old.owner_id AND question_id = old.question_id AND asked = old.id;
END

-- trigger session_hidden
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

-- trigger session_shown
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

-- view answer_texts
CREATE VIEW answer_texts AS
SELECT i.number, a.text
FROM answer_index i JOIN answers a ON a.owner_id = i.owner_id AND a.id = i.answer_id
WHERE NOT i.hidden

-- view question_texts
CREATE VIEW question_texts AS
SELECT i.number, q.prompt, q.tags,
       char(0xE000) || 'kind' || q.kind || ' ' || char(0xE000) || 'difficulty' || q.difficulty
       || ' ' || char(0xE000) || 'source' || q.source
       || ' ' || char(0xE000) || 'topic' || replace(q.topic, '-', char(0xE000)) AS facets
FROM question_index i JOIN questions q ON q.owner_id = i.owner_id AND q.id = i.question_id
