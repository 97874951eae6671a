"""The window: pywebview on Qt WebEngine, with nothing of Python within the page's reach."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
import webview
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    QUrl,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWebEngineCore import (
    QWebEngineNavigationRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineSettings,
)
from webview.platforms import qt

TITLE = "Interview App"
SIZE = (1200, 800)
MIN_SIZE = (900, 600)
FLUSH_MILLISECONDS = 200
"""Between hiding and closing the window: the page, now hidden, saves what is being typed."""
_MAX_URL = 2_048
_QUERY = re.compile(r"\?\S*")


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What the window tells; `crashed` doesn't return."""

    shown: Callable[[], None]
    crashed: Callable[[], None]


def prepare_environment(remote_debugging_port: int, *, safe_mode: bool = False) -> None:
    """Set what Qt WebEngine reads when it starts; in safe mode the processor draws it all."""
    if sys.platform == "linux" and os.geteuid() == 0:
        # Chromium's sandbox refuses to work as root, and WebEngine then refuses to start.
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        structlog.get_logger(__name__).warning("running as root: no sandbox around the page")
    # Chromium would tell the terminal of every bus and driver that it doesn't find.
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if safe_mode:
        flags += " --disable-gpu"
        os.environ.update(QT_QUICK_BACKEND="software", LIBGL_ALWAYS_SOFTWARE="1")
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --log-level=3".strip()
    os.environ.pop("QTWEBENGINE_REMOTE_DEBUGGING", None)
    if remote_debugging_port:
        os.environ["QTWEBENGINE_REMOTE_DEBUGGING"] = str(remote_debugging_port)
        structlog.get_logger(__name__).warning("remote debugging", port=remote_debugging_port)


def is_safe_to_open(url: str) -> bool:
    """Whether the system's browser may be given `url`: https, to a host, with no credentials."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
    return parts.scheme == "https" and named and len(url) <= _MAX_URL


class Window:
    """One window, which shows `url` and never leaves its origin."""

    def __init__(self, url: str, callbacks: Callbacks) -> None:
        self._url = url
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._callbacks = callbacks
        self._browser: _Browser | None = None
        self._is_closing = False

    def run(self) -> None:
        """Show the window, in the main thread, until it is closed."""
        qInstallMessageHandler(_log_qt)
        QGuiApplication.setApplicationName("interview-app")
        QGuiApplication.setApplicationDisplayName(TITLE)
        # pywebview would set Chromium's flag that lets every page have microphone and camera,
        # and give any address at all to the system's browser.
        vars(qt).update(environ_append=_append_nothing, webbrowser=_ExternalLinks)
        window = webview.create_window(
            TITLE, self._url, width=SIZE[0], height=SIZE[1], min_size=MIN_SIZE, text_select=True
        )
        if window is not None:
            window.events.before_show += lambda: self._harden_or_end(window.native)
            window.events.shown += self._callbacks.shown
        webview.start(gui="qt", private_mode=True, debug=False)

    def close(self) -> None:
        """Close the window, from any thread and at any time."""
        self._is_closing = True
        if self._browser:
            self._browser.close_asked.emit()

    def call(self, action: Callable[[], None]) -> None:
        """Have the window's thread do something, as soon as it can; from any thread."""
        if self._browser:
            self._browser.call_asked.emit(action)

    def bring_to_front(self) -> None:
        """Show the window before all others, from any thread."""
        if self._browser:
            self._browser.front_asked.emit()

    def _harden_or_end(self, native: qt.BrowserView | None) -> None:
        """What is raised here pywebview logs, and goes on with a window that isn't safe."""
        try:
            if native is not None:
                self._harden(native)
        finally:
            if self._browser is None:
                self._callbacks.crashed()

    def _harden(self, native: qt.BrowserView) -> None:
        # pywebview takes Ctrl-C, which is main's to answer.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        page = native.webview.page()
        page.setWebChannel(None)
        page.loadFinished.disconnect(native.on_load_finished)  # It would add pywebview's script.
        page.featurePermissionRequested.disconnect(page.onFeaturePermissionRequested)
        page.permissionRequested.connect(self._decide_permission)
        page.navigationRequested.connect(self._decide_navigation)
        page.renderProcessTerminated.connect(self._on_page_process_ended)
        _restrict(native.webview, page)
        self._browser = _Browser(native)
        if self._is_closing:
            self._browser.close_asked.emit()

    def _decide_permission(self, permission: QWebEnginePermission) -> None:
        microphone = QWebEnginePermission.PermissionType.MediaAudioCapture
        is_ours = permission.origin().toString().rstrip("/") == self._origin
        if is_ours and permission.permissionType() == microphone:
            permission.grant()
        else:
            permission.deny()

    def _decide_navigation(self, request: QWebEngineNavigationRequest) -> None:
        url = request.url().toString()
        if url.startswith(f"{self._origin}/"):
            return
        request.reject()
        structlog.get_logger(__name__).warning("navigation refused")
        kinds = QWebEngineNavigationRequest.NavigationType
        if request.navigationType() == kinds.LinkClickedNavigation:
            _ExternalLinks.open(url)

    def _on_page_process_ended(
        self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int
    ) -> None:
        if status != QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            log = structlog.get_logger(__name__)
            log.error("the page's process ended", status=status.name, exit_code=code)
            self._callbacks.crashed()


class _Browser(QObject):
    """pywebview's window, with what other threads may ask of it."""

    close_asked = Signal()
    front_asked = Signal()
    call_asked = Signal(object)

    def __init__(self, native: qt.BrowserView) -> None:
        super().__init__()
        self._native = native
        self._is_flushed = False
        native.pywebview_window.events.closing += self._flush_first
        native.webview.page().windowCloseRequested.connect(native.close)
        self.close_asked.connect(native.close)
        self.front_asked.connect(self._bring_to_front)
        self.call_asked.connect(self._call)

    def _flush_first(self) -> bool:
        """Whether the window may close now; the first time it is only hidden."""
        if not self._is_flushed:
            self._is_flushed = True
            self._native.hide()
            QTimer.singleShot(FLUSH_MILLISECONDS, self._native.close)
            return False
        return True

    def _call(self, action: Callable[[], None]) -> None:
        """A method, so that Qt runs it in this object's thread."""
        action()

    def _bring_to_front(self) -> None:
        state = self._native.windowState()
        self._native.setWindowState(state & ~Qt.WindowState.WindowMinimized)
        self._native.show()
        self._native.raise_()
        self._native.activateWindow()
        structlog.get_logger(__name__).info("window brought to front")


class _ExternalLinks:
    """Stands in for the `webbrowser` module that pywebview hands the links of a new window to."""

    @staticmethod
    def open(url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG004, FBT001, FBT002
        """Open a safe link in the system's browser."""
        if is_safe_to_open(url):
            return QDesktopServices.openUrl(QUrl(url))
        structlog.get_logger(__name__).warning("link refused")
        return False


def _append_nothing(*_: Any, **__: Any) -> None:  # noqa: ANN401
    """In place of pywebview's environ_append."""


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Keep Qt's complaints off the terminal; what the page's script says is not for the log."""
    if context.category != "js" and kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
        said = _QUERY.sub("?", message)  # An address may hold the boot token.
        structlog.get_logger(__name__).warning("qt", category=context.category, message=said)


def _restrict(view: qt.BrowserView.WebView, page: QWebEnginePage) -> None:
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    for attribute in (
        QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
        QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
        QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
        QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
        QWebEngineSettings.WebAttribute.PluginsEnabled,
    ):
        page.settings().setAttribute(attribute, False)  # noqa: FBT003  # Qt's signature
