"""Documents that are made from the code: `python -m deploy.documents` writes them, and a test holds them to it.

`asyncapi.yaml` and `docs/events.md` come from the catalogue of topics, the table of metrics in `docs/operations.md`
from shared/observability/metrics.py, the tables of fields in `docs/privacy.md` from intake's schemas.
"""
