from . import contact_center_chat_request
