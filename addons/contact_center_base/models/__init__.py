# Mixins first: a model can only inherit what was loaded before it.
from . import contact_center_clock_mixin
from . import contact_center_duplicate_mixin
from . import contact_center_place_mixin
from . import contact_center_question_mixin

# isort: split
from . import contact_center_article
from . import contact_center_article_version
from . import contact_center_blocked_attempt
from . import contact_center_blocked_number
from . import contact_center_call
from . import contact_center_category
from . import contact_center_clock_interval
from . import contact_center_deadline_rule
from . import contact_center_desk
from . import contact_center_district
from . import contact_center_import
from . import contact_center_import_profile
from . import contact_center_knowledge_search
from . import contact_center_lending
from . import contact_center_operator_skill
from . import contact_center_participant
from . import contact_center_phone
from . import contact_center_question
from . import contact_center_request
from . import contact_center_request_event
from . import contact_center_search_mixin  # the request inherits it
from . import contact_center_stage
from . import contact_center_street
from . import contact_center_synonym
from . import ir_actions
from . import ir_http
from . import ir_sequence
from . import ir_ui_view
from . import res_company
from . import res_partner
from . import res_users
from . import resource_calendar
