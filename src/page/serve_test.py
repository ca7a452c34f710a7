"""`slabhound serve` as a browser, a script and an attacker see it.

Usage: serve_test.py SLABHOUND EXAMPLE    (EXAMPLE makes a folder: example_main.cc)
"""

import http.client
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SLABHOUND, EXAMPLE = sys.argv[1:3]
CONNECTIONS = 1000


class Served:
    """A server of a folder, on a port of its own."""

    def __init__(self, folder, *flags):
        self.process = subprocess.Popen([SLABHOUND, "serve", folder, "--port", "0", *flags],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.split(":")[2].split("/")[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0
        self.process.stdout.close()

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def json(self, path, **headers):
        answer, content = self.ask(path, **headers)
        assert answer.status == 200, (answer.status, content)
        return json.loads(content)

    def change(self, what, word=None, **headers):
        word = word or self.json("/api/session")["change"]
        headers = {"content-type": "application/json", "x-slabhound-change": word, **headers}
        return self.ask("/api/change", "POST", json.dumps(what), **headers)

    def raw(self, text, timeout=5):
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(text)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.mkdtemp(prefix="slabhound-page-")
        cls.folder = os.path.join(cls.top, "findings")
        subprocess.run([EXAMPLE, cls.folder, "8", "20", "200"], check=True)
        with open(os.path.join(cls.top, "secret"), "w") as file:
            file.write("secret\n")
        cls.served = Served(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.served.__exit__()
        shutil.rmtree(cls.top)

    def test_what_it_shows(self):
        bugs = self.served.json("/api/bugs")
        self.assertEqual(len(bugs), 8)
        self.assertEqual(sum(bug["cases"] for bug in bugs), 200)
        self.assertEqual(sum(bug["symptoms"] for bug in bugs), 20)
        self.assertEqual(bugs[0]["severity"], "memory corruption")
        bug = self.served.json("/api/bug/" + bugs[0]["slug"])
        self.assertIn("case.wat", bug["files"])
        self.assertEqual(bug["variants"][0]["cell"], "fail")
        answer, text = self.served.ask(f"/file/{bugs[0]['slug']}/case.wat")
        self.assertIn(b"(module", text)
        overview = self.served.json("/api/overview")
        self.assertEqual(overview["counters"]["cases"]["cases"], 2000000)
        self.assertEqual(overview["growth"]["bugs"][-1], 8)
        self.assertEqual(self.served.json("/api/reach")["states"][0]["name"], "generated")
        answer, text = self.served.ask("/metrics")
        self.assertIn(b'slabhound_counter_total{scope="cases",name="cases"} 2000000', text)

    def test_headers_keep_a_browser_from_running_anything_else(self):
        nonces = set()
        for path in ["/", "/", "/api/bugs"]:
            answer, text = self.served.ask(path)
            policy = answer.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe-inline", policy)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            nonces.update(re.findall("script-src 'nonce-(.+?)'", policy))
            if path == "/":
                self.assertEqual(len(re.findall(b"<script", text)), len(re.findall(b"<script [^>]*nonce=", text)))
        self.assertEqual(len(nonces), 2)  # another one each time
        slug = self.served.json("/api/bugs")[0]["slug"]
        answer, _ = self.served.ask(f"/file/{slug}/case.wat")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])

    def test_no_time_goes_into_compression(self):
        for path in ["/", "/api/bugs", "/api/reach"]:
            answer, text = self.served.ask(path, **{"Accept-Encoding": "gzip, deflate, br"})
            self.assertIsNone(answer.headers["Content-Encoding"])
            self.assertEqual(len(text), int(answer.headers["Content-Length"]))

    def test_nothing_outside_the_folder(self):
        slug = self.served.json("/api/bugs")[0]["slug"]
        inside = os.path.join(self.folder, slug)
        os.symlink(os.path.join(self.top, "secret"), os.path.join(inside, "heap.svg"))
        os.symlink(self.top, os.path.join(self.folder, "linked"))
        for path in ["/../secret", "/file/../secret", f"/file/{slug}/../../../secret", "/file/linked/secret",
                     f"/file/{slug}/..%2f..%2f..%2fsecret", f"/file/{slug}/heap.svg", f"/file/{slug}/overrides.json",
                     "/file/%2e%2e/secret", "//etc/passwd", "/file/", f"/file/{slug}", f"/file/{slug}/", "/%00",
                     "/api/bug/..", "/file/artifacts/x", "/campaign.db"]:
            answer = self.served.raw(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.served.port}\r\n"
                                     "Connection: close\r\n\r\n".encode())
            self.assertRegex(answer, b"^HTTP/1.1 40[04] ", path)
            self.assertNotIn(b"secret\n", answer.split(b"\r\n\r\n", 1)[1], path)
        os.unlink(os.path.join(inside, "heap.svg"))
        os.unlink(os.path.join(self.folder, "linked"))

    def test_foreign_hosts_and_origins(self):
        for headers in [{"Host": "example.org"}, {"Host": f"example.org:{self.served.port}"},
                        {"Origin": "http://example.org"}, {"Origin": "null"},
                        {"Origin": f"http://localhost:{self.served.port + 1}"}]:
            answer, _ = self.served.ask("/api/bugs", **headers)
            self.assertEqual(answer.status, 403, headers)
        answer, _ = self.served.ask("/api/bugs", Host=f"localhost:{self.served.port}",
                                    Origin=f"http://localhost:{self.served.port}")
        self.assertEqual(answer.status, 200)

    def test_changes_need_their_word(self):
        bug = self.served.json("/api/bugs")[3]
        what = {"verb": "label", "slug": bug["slug"], "text": "ours"}
        word = self.served.json("/api/session")["change"]
        for headers in [{}, {"x-slabhound-change": "0" * 32}, {"x-slabhound-change": word, "content-type": "text/plain"},
                        {"x-slabhound-change": word, "content-type": "application/json", "origin": "http://example.org"}]:
            answer, _ = self.served.ask("/api/change", "POST", json.dumps(what), **headers)
            self.assertIn(answer.status, (403, 415), headers)
        for method in ["PUT", "DELETE", "OPTIONS", "PATCH"]:
            self.assertEqual(self.served.ask("/api/change", method)[0].status, 405)
        for wrong in [[], {}, {"verb": "label"}, {"verb": "erase", "slug": bug["slug"]},
                      {"verb": "label", "slug": "../x", "text": "a"}, {**what, "text": "a\nb"},
                      {**what, "text": "x" * 300}, {**what, "slug": 3}, {"verb": "merge", "slug": bug["slug"], "other": bug["slug"]}]:
            self.assertIn(self.served.change(wrong)[0].status, (400, 404), wrong)

    def test_what_people_say(self):
        bugs = self.served.json("/api/bugs")
        slug = bugs[4]["slug"]
        self.assertEqual(self.served.change({"verb": "label", "slug": slug, "text": "ours"})[0].status, 200)
        self.assertEqual(self.served.change({"verb": "fixed", "slug": slug, "text": ""})[0].status, 200)
        bug = self.served.json("/api/bug/" + slug)
        self.assertEqual((bug["label"], bug["mark"]), ("ours", "fixed"))
        self.assertEqual([said["verb"] for said in bug["history"]["said"]][-2:], ["label", "fixed"])
        self.served.change({"verb": "open", "slug": slug})
        self.assertEqual(self.served.json("/api/bug/" + slug)["mark"], "")
        listed = subprocess.run([SLABHOUND, "findings", self.folder], capture_output=True, text=True, check=True).stdout
        self.assertIn("label: ours", listed)
        # Two become one, and one again.
        other = bugs[5]["slug"]
        self.assertEqual(self.served.change({"verb": "merge", "slug": slug, "other": other})[0].status, 200)
        self.assertEqual(self.served.json("/api/bug/" + slug)["slug"], self.served.json("/api/bug/" + other)["slug"])
        self.assertEqual(self.served.change({"verb": "split", "slug": other})[0].status, 200)
        self.assertNotEqual(self.served.json("/api/bug/" + slug)["slug"], self.served.json("/api/bug/" + other)["slug"])

    def test_large_and_broken_requests(self):
        host = f"Host: 127.0.0.1:{self.served.port}\r\n"
        for status, text in [(413, f"POST /api/change HTTP/1.1\r\n{host}Content-Length: 1048577\r\n\r\n" + "x" * 2000000),
                             (411, f"POST /api/change HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n"),
                             (400, f"POST /api/change HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
                             (400, f"POST /api/change HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n"),
                             (414, f"GET /{'a' * 5000} HTTP/1.1\r\n{host}\r\n"),
                             (431, f"GET / HTTP/1.1\r\n{host}X: {'a' * 20000}\r\n\r\n"),
                             (400, "what is this\r\n\r\n"), (400, "GET / HTTP/9.9\r\n\r\n"), (403, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")]:
            answer = self.served.raw(text.encode())
            self.assertEqual(answer.split(b" ")[1:2], [str(status).encode()], text[:80])
        self.assertEqual(len(self.served.json("/api/bugs")), 8)

    def test_slow_connections_keep_nobody_waiting(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, CONNECTIONS + 200), hard))
        slow = []
        try:
            for i in range(CONNECTIONS):
                connection = socket.create_connection(("127.0.0.1", self.served.port), timeout=20)
                connection.sendall(b"GET / HT" if i % 2 else b"POST /api/change HTTP/1.1\r\nContent-Length: 1000\r\n\r\nx")
                slow.append(connection)
                if i % 100 == 99:
                    begin = time.monotonic()
                    self.served.json("/api/overview")
                    self.assertLess(time.monotonic() - begin, 1)
            with open(f"/proc/{self.served.process.pid}/status") as status:
                threads = [line for line in status if line.startswith("Threads:")]
            self.assertLess(int(threads[0].split()[1]), 12)
        finally:
            for connection in slow:
                connection.close()

    def test_events_come_soon(self):
        with socket.create_connection(("127.0.0.1", self.served.port), timeout=10) as stream:
            stream.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{self.served.port}\r\n\r\n".encode())
            self.assertIn(b"text/event-stream", stream.recv(4096))
            subprocess.run([EXAMPLE, self.folder], check=True, stdout=subprocess.DEVNULL)
            begin = time.monotonic()
            told = b""
            while b"event: change" not in told:
                told += stream.recv(4096)
            self.assertLess(time.monotonic() - begin, 2)
            self.assertRegex(self.served.json("/api/overview")["events"][0]["text"], "^event ")

    def test_token_from_elsewhere(self):
        with Served(self.folder, "--host", "0.0.0.0") as served:
            token = served.url.split("token=")[1]
            self.assertEqual(len(token), 32)
            self.assertEqual(served.ask("/api/bugs")[0].status, 401)
            self.assertEqual(served.ask("/api/bugs", Authorization="Bearer " + "0" * 32)[0].status, 401)
            self.assertEqual(served.ask("/api/bugs", Authorization="Bearer " + token)[0].status, 200)
            self.assertEqual(served.ask("/?token=" + "0" * 32)[0].status, 401)
            answer, _ = served.ask("/?token=" + token)
            self.assertEqual(answer.status, 303)
            cookie = answer.headers["Set-Cookie"]
            self.assertIn("HttpOnly; SameSite=Strict", cookie)
            self.assertEqual(served.ask("/api/bugs", Cookie=cookie.split(";")[0])[0].status, 200)

    def test_read_only(self):
        with Served(self.folder, "--read-only") as served:
            slug = served.json("/api/bugs")[0]["slug"]
            answer, text = served.change({"verb": "known", "slug": slug}, word="x" * 32)
            self.assertEqual(answer.status, 403)
            self.assertIn(b"read-only", text)

    def test_a_folder_without_database(self):
        bare = os.path.join(self.top, "bare")
        shutil.copytree(self.folder, bare, ignore=shutil.ignore_patterns("campaign.db*"))
        with Served(bare) as served:
            self.assertEqual(len(served.json("/api/bugs")), 8)
            self.assertFalse(served.json("/api/overview")["has_database"])

    def test_a_campaign_shows_itself_and_takes_its_page_with_it(self):
        campaign = subprocess.Popen([SLABHOUND, "campaign", "--serve=0", "--jobs", "1", "--seed", "3", "--time", "100s",
                                     "--out", os.path.join(self.top, "running")],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        url = ""
        while "the page is at" not in url:
            url = campaign.stderr.readline()
            self.assertNotEqual(url, "")
        port = int(url.strip().split(":")[-1].strip("/"))
        deadline = time.monotonic() + 60
        modules = 0
        while modules == 0:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.3)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/api/overview")
            overview = json.loads(connection.getresponse().read())
            connection.close()
            modules = (overview.get("counters") or {}).get("cases", {}).get("cases", 0)
        self.assertIsNone(overview["run"]["ended"])
        self.assertEqual(len(overview["run"]["snapshot"]["jobs"]), 1)
        campaign.kill()
        campaign.wait()
        campaign.stderr.close()
        with self.assertRaises(OSError):
            for _ in range(50):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                time.sleep(0.1)

    def test_wrong_usage_is_one_line(self):
        for arguments in [["serve", os.path.join(self.top, "nowhere")], ["serve", self.folder, "--port", str(self.served.port)],
                          ["report", os.path.join(self.top, "nowhere"), "--out", os.path.join(self.top, "x")],
                          ["report", self.folder, "--out", "/nowhere/x"]]:
            ran = subprocess.run([SLABHOUND, *arguments], capture_output=True, text=True, timeout=20)
            self.assertEqual(ran.returncode, 2, arguments)
            self.assertEqual(ran.stderr.count("\n"), 1, ran.stderr)

    def test_report_is_one_file_that_holds_no_foreign_script(self):
        out = os.path.join(self.top, "report.html")
        subprocess.run([SLABHOUND, "report", self.folder, "--out", out], check=True)
        with open(out) as file:
            html = file.read()
        self.assertNotIn("<script>document", html)
        self.assertEqual(html.count("<script"), 3)
        self.assertNotRegex(html, r"(src|href)=\"(?!#|data:)")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
