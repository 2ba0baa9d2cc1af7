"""The pages of credentials, by who opens them."""

from cstrain.grading.credentials.deciding_views import blueprint as deciding
from cstrain.grading.credentials.own_views import blueprint as own
from cstrain.grading.credentials.public_views import blueprint as public

blueprints = [own, deciding, public]
