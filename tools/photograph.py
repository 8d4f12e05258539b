"""Photograph a report for the README and the eye: desktop, telephone and print.

`python tools/photograph.py REPORT.html FOLDER` needs Chromium; `print.pdf` is the paper version.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
SIZES = {"desktop": (1280, 1180), "telephone": (390, 844)}


def main(report: Path, folder: Path) -> int:
    browser_file = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_file is None:
        print("no Chromium found; install it", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_file, args=list(FLAGS))
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(report.resolve().as_uri())
            page.screenshot(path=folder / f"{name}.png")
            page.screenshot(path=folder / f"{name}-whole.png", full_page=True)
        page.pdf(path=folder / "print.pdf", prefer_css_page_size=True, print_background=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
