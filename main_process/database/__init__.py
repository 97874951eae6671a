"""The database: connections, the write queue and migrations; knows no noun of the app."""

from main_process.database.group_commit import savepoint
from main_process.database.manager import DatabaseManager
from main_process.database.unit_connection import Transaction

__all__ = ["DatabaseManager", "Transaction", "savepoint"]
