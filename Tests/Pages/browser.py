"""Headless Chromium, spoken to over the pipe of its devtools protocol: JSON messages that end in a zero byte."""

import base64
import fcntl
import json
import os
import pathlib
import subprocess
import tempfile


class Browser:
    """One process of Chromium with a profile of its own, which goes with it."""

    def __init__(self):
        self._profile = tempfile.TemporaryDirectory(prefix="ipek-pages-", ignore_cleanup_errors=True)
        read_here, write_there = os.pipe()
        read_there, write_here = os.pipe()
        options = ["--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
        options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        options += [f"--user-data-dir={self._profile.name}", "--disable-dev-shm-usage", "--hide-scrollbars"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # which Chromium refuses to have as root
        # The protocol is read from descriptor 3 and written to 4; the pipes' own are moved out of the way first.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (read_there, write_there)]
        script = f"exec 3<&{ends[0]} 4>&{ends[1]} {ends[0]}<&- {ends[1]}>&-; exec \"$@\""
        self._process = subprocess.Popen(
            ["bash", "-c", script, "chromium", "chromium", *options, "about:blank"],
            pass_fds=ends, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self._profile.name})
        for end in [read_there, write_there, *ends]:
            os.close(end)
        self._in = os.fdopen(read_here, "rb", buffering=0)
        self._out = os.fdopen(write_here, "wb", buffering=0)
        self._rest = b""
        self._count = 0
        self._waiting = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self._process.wait(20)
        except (OSError, EOFError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._in.close()
        self._out.close()
        self._profile.cleanup()

    def call(self, method, session=None, **parameters):
        """Calls a method and returns its result; events that come meanwhile wait."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]
            self._waiting.append(answer)

    def events(self, session):
        """The events of a session that have come so far."""
        found = [event for event in self._waiting if event.get("sessionId") == session]
        self._waiting = [event for event in self._waiting if event.get("sessionId") != session]
        return found

    def _read(self):
        while b"\0" not in self._rest:
            piece = self._in.read(1 << 16)
            if not piece:
                raise EOFError("chromium has ended")
            self._rest += piece
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)


class Page:
    """A file opened in a tab of its own."""

    def __init__(self, browser, path, width=1200, height=900, scheme="light", scripts=True):
        self._browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._target = target
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"]:
            self.call(f"{domain}.enable")
        self.view(width, height, scheme)
        if not scripts:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.url = pathlib.Path(path).resolve().as_uri()
        self.call("Page.navigate", url=self.url)
        self._events = []
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self.call("Runtime.evaluate", expression="0")
            self._events += browser.events(self._session)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._browser.call("Target.closeTarget", targetId=self._target)

    def call(self, method, **parameters):
        return self._browser.call(method, session=self._session, **parameters)

    def view(self, width, height=900, scheme="light", media=""):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def run(self, script):
        """The value of an expression, as JSON carries it."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails'].get('text')}")
        return answer["result"].get("value")

    def key(self, key, code=None, text=None, number=0):
        for kind in ["keyDown", "keyUp"]:
            extra = {"text": text} if text and kind == "keyDown" else {}
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=code or key, windowsVirtualKeyCode=number, **extra)

    def write(self, text):
        self.call("Input.insertText", text=text)

    def settle(self):
        """Waits until the page has done what it put off."""
        self.run("new Promise(done => setTimeout(() => requestAnimationFrame(() => done(0)), 200))")

    def complaints(self):
        """What a page must not do: errors, words on the console, dialogs, requests for anything but itself."""
        self._events += self._browser.events(self._session)
        found = []
        for event in self._events:
            parameters = event["params"]
            match event["method"]:
                case "Runtime.exceptionThrown":
                    found.append("exception: " + str(parameters["exceptionDetails"].get("text")))
                case "Runtime.consoleAPICalled" | "Log.entryAdded":
                    found.append("console: " + json.dumps(parameters)[:300])
                case "Page.javascriptDialogOpening":
                    found.append("dialog: " + parameters["message"])
                case "Network.requestWillBeSent" if parameters["request"]["url"] != self.url:
                    found.append("request: " + parameters["request"]["url"][:200])
        return found

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        path.write_bytes(base64.b64decode(data))
        return path

    def printed(self, path, width, height):
        data = self.call(
            "Page.printToPDF", paperWidth=width, paperHeight=height, printBackground=True, preferCSSPageSize=False)
        path.write_bytes(base64.b64decode(data["data"]))
        return path

    def named_nodes(self):
        """Role and name of everything that a screen reader is told of."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")
        ]
