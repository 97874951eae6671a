"""The database: connections, the write queue and migrations; knows no noun of the app."""

from main_process.database.manager import DatabaseManager, Transaction

__all__ = ["DatabaseManager", "Transaction"]
