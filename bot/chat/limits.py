"""What Telegram takes, each number with its source. (Slack's stand in `slack.blocks`.)

"API" is https://core.telegram.org/bots/api, "FAQ" is https://core.telegram.org/bots/faq.
"""

from datetime import timedelta

# --- a message ---------------------------------------------------------------------------------

TEXT = 4_096  # UTF-16 units after entities are parsed: API, sendMessage
TEXT_SAFE = 4_000  # what we fill: Telegram's own code counts code points in some places
BYTES = 32_768  # of the text before parsing: tdlib/telegram-bot-api, Client.cpp "Text is too long"
BYTES_SAFE = 30_000
ENTITIES = 100  # per message, those beyond are dropped in silence: API, limits of entities
LINK = 2_048  # characters of an address that we make a link of; browsers take no more for certain

# --- buttons -----------------------------------------------------------------------------------

CALLBACK_DATA = 64  # bytes: API, InlineKeyboardButton
BUTTONS = 100  # per message: tdlib, ReplyMarkup.cpp
BUTTONS_IN_ROW = 8  # same place
LABEL = 64  # characters of a button that a phone shows at all

# --- commands ----------------------------------------------------------------------------------

COMMANDS = 100  # API, setMyCommands
COMMAND_NAME = r"[a-z0-9_]{1,32}"  # API, BotCommand
COMMAND_DESCRIPTION = 256  # same place

# --- rates -------------------------------------------------------------------------------------

PER_SECOND = 30  # messages to all chats together: FAQ, "How can I message all of my subscribers"
PER_CHAT_SECOND = 1  # FAQ, "avoid sending more than one message per second" to a chat
PER_GROUP_MINUTE = 20  # same place
STRETCH = 1.02  # of these periods, so that a network that bunches requests stays inside them

# --- receiving ---------------------------------------------------------------------------------

POLL = 30  # seconds that a poll waits; the server allows 50: tdlib/telegram-bot-api, Client.h
FILE = 1_000_000  # bytes of a file that we take; the server gives up to 20 MB: API, getFile
ADMINS_FRESH = 60.0  # seconds: an administrator who is one no longer keeps the role this long
EDIT_WINDOW = timedelta(minutes=2)  # an edit after this long is no new question
HANDLERS = 256  # handlers that run together before polling waits
