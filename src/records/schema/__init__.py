"""How the store came to its tables, one file a version, oldest first; alembic walks them."""
