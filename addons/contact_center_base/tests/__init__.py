from . import test_duplicates
from . import test_lexicon
from . import test_questions
from . import test_request
from . import test_workflow
