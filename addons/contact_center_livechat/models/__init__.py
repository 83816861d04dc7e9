from . import contact_center_privacy
from . import contact_center_request
from . import discuss_channel
from . import res_company
from . import res_config_settings
from . import res_users
