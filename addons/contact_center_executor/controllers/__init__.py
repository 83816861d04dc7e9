from . import assignments
from . import card
from . import files
from . import head
from . import my_works
from . import pages
from . import portal
from . import works
