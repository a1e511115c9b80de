"""Opens a page in headless Chromium and says, as JSON, what came of it.

    browse.py URL DIRECTORY

Takes screenshots of the whole page into DIRECTORY: desktop.png, phone.png, dark.png, print.png. Says which requests
there were beside the page itself, what stood in the console, the page's DOM, and how wide the page is on a phone.
The browser is driven over its debugging pipe (--remote-debugging-pipe): messages end in NUL.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import zlib

PHONE = 375


class Browser:
    def __init__(self, profile):
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def descriptors():
            os.dup2(to_browser, 13)
            os.dup2(from_browser, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--user-data-dir=" + profile,
             "--remote-debugging-pipe", "about:blank"],
            preexec_fn=descriptors, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number = 0
        self.buffer = b""
        self.events = []
        self.session = None

    def read(self):
        while b"\0" not in self.buffer:
            chunk = os.read(self.input, 1 << 16)
            if not chunk:
                raise SystemExit("the browser has ended")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def attach(self):
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(domain + ".enable")

    def open(self, url):
        self.call("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events if "method" in event):
            self.events.append(self.read())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    def screenshot(self, path, width, dark=False, medium="", scale=1, fits=None):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=scale,
                  mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", media=medium,
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        height = self.evaluate("document.documentElement.scrollHeight")
        wide = self.evaluate("document.documentElement.scrollWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, fits or 6000), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        png = base64.b64decode(data)
        with open(path, "wb") as file:
            file.write(png)
        ground = self.evaluate("getComputedStyle(document.body).backgroundColor")
        return {"bytes": len(png), "values": distinct_values(png), "scrollWidth": wide, "height": height,
                "ground": ground}


def distinct_values(png):
    """How many different bytes the picture's lines hold; a blank picture has but a few."""
    data, position = b"", 8
    while position < len(png):
        length = int.from_bytes(png[position:position + 4], "big")
        if png[position + 4:position + 8] == b"IDAT":
            data += png[position + 8:position + 8 + length]
        position += 12 + length
    return len(set(zlib.decompress(data)))


def main():
    url, directory = sys.argv[1:3]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            browser.attach()
            browser.open(url)
            found = {
                "desktop": browser.screenshot(directory + "/desktop.png", 1280),
                "dark": browser.screenshot(directory + "/dark.png", 1280, dark=True),
                "phone": browser.screenshot(directory + "/phone.png", PHONE, scale=2),
                "print": browser.screenshot(directory + "/print.png", 794, medium="print"),
                "dom": browser.evaluate("document.documentElement.outerHTML"),
                "scripts": browser.evaluate("document.scripts.length"),
            }
            names = [event["method"] for event in browser.events if "method" in event]
            requests = [event["params"]["request"]["url"] for event in browser.events
                        if event.get("method") == "Network.requestWillBeSent"]
            found["requests"] = [address for address in requests if address != url]
            found["asked"] = requests.count(url)
            found["console"] = [event["params"] for event in browser.events
                                if event.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled",
                                                           "Runtime.exceptionThrown")]
            found["events"] = len(names)
        finally:
            browser.process.kill()
            browser.process.wait()
    json.dump(found, sys.stdout)


main()
