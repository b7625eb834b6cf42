"""The ways up from one version of the schema to the next; Alembic runs them in order.

To change the schema: change tables.py, add ``versions/vNNNN_what.py`` that does the same to a
database with rows in it (``op.batch_alter_table``: SQLite rebuilds tables), and set schema.HEAD.
The tests compare the result with tables.py on both engines. A version that was released stays as
it is.
"""
