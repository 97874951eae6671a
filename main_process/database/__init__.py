"""The database: connections, the write queue and migrations; knows no noun of the app."""

from main_process.database.connection import Transaction
from main_process.database.group_commit import savepoint
from main_process.database.manager import DatabaseManager, DatabaseStats

__all__ = ["DatabaseManager", "DatabaseStats", "Transaction", "savepoint"]
