package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"duepack/delivery/smtptest"
)

// postfix is a mail server of Debian with a queue and mailboxes of its own, run
// for one test beside whatever the machine has.
type postfix struct {
	port  int
	boxes string // one Maildir per recipient below it
	dir   string
}

const postfixMain = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.duepack.test
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = %[1]s/server.pem
virtual_mailbox_domains = example.com
virtual_mailbox_base = %[1]s/boxes
virtual_mailbox_maps = regexp:%[1]s/boxes.map
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
message_size_limit = 2000000
maillog_file = %[1]s/log
maillog_file_prefixes = %[1]s
smtpd_client_connection_count_limit = 0
`

const postfixMaster = `127.0.0.1:%d inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// startPostfix configures and starts a server; the test is skipped where there
// is none, or nobody who may start it.
func startPostfix(t *testing.T) *postfix {
	t.Helper()
	program, err := exec.LookPath("postfix")
	if err != nil {
		program = "/usr/sbin/postfix"
	}
	if _, err := os.Stat(program); err != nil {
		needTool(t, "postfix")
	}
	if os.Getuid() != 0 {
		t.Skip("only root may start postfix")
	}
	// Its programs run under other users, who have to get at the folder.
	dir, err := os.MkdirTemp("", "duepack-postfix")
	if err != nil {
		t.Fatal(err)
	}
	p := &postfix{port: freePort(t), boxes: filepath.Join(dir, "boxes"), dir: dir}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, sub := range []string{"", "queue", "data", "boxes"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(p.boxes, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) {
		t.Helper()
		if text, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Fatalf("%s %v: %v\n%s\n%s", name, args, err, text, log)
		}
	}
	run("chown", "postfix", filepath.Join(dir, "data"))
	p.config(t)
	run(program, "-c", dir, "start")
	t.Cleanup(func() { _ = exec.Command(program, "-c", dir, "stop").Run() })
	return p
}

// config writes the files of the server. A recipient named missing… has no
// mailbox.
func (p *postfix) config(t *testing.T) {
	t.Helper()
	write(t, filepath.Join(p.dir, "main.cf"), fmt.Sprintf(postfixMain, p.dir))
	write(t, filepath.Join(p.dir, "master.cf"), fmt.Sprintf(postfixMaster, p.port))
	write(t, filepath.Join(p.dir, "boxes.map"), "!/^missing/ all/\n")
	write(t, filepath.Join(p.dir, "server.pem"), string(smtptest.KeyAndCertificate(t)))
	for _, name := range []string{"main.cf", "master.cf", "boxes.map"} {
		if err := os.Chmod(filepath.Join(p.dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// mails waits until the server has put so many mails into mailboxes and returns
// them.
func (p *postfix) mails(t *testing.T, n int) []smtptest.Mail {
	t.Helper()
	var files []string
	for range 300 {
		files, _ = filepath.Glob(filepath.Join(p.boxes, "all", "new", "*"))
		if len(files) >= n {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(500 * time.Millisecond) // one too many would come now
	files, _ = filepath.Glob(filepath.Join(p.boxes, "all", "new", "*"))
	var list []smtptest.Mail
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, smtptest.Mail{To: headOf(t, data).Get("Delivered-To"), Data: data})
	}
	return list
}

// 200 recipients over STARTTLS to the server of Debian, with the process killed
// half way: each mailbox has one mail, a recipient without a mailbox is refused, and
// the mails are what other programs take for mails.
func TestPostfixTakesEveryMailOnce(t *testing.T) {
	server := startPostfix(t)
	dir := mailBook(t, 1)
	write(t, filepath.Join(dir, "ca.pem"), string(certificatePart(t, filepath.Join(server.dir, "server.pem"))))
	recipients := strings.Replace(accountants(200), "]", ", missing@example.com]", 1)
	config := filepath.Join(dir, "duepack.yaml")
	write(t, config, fmt.Sprintf("book: {name: Demo 恒达}\ninputs: [ledger.csv, reps.csv]\nmail:\n  from: Close <close@example.com>\n%s\n  reps: sheet\n  retry: []\n  smtp: {host: 127.0.0.1, port: %d, ca: ca.pem}\noutput: {dir: out, formats: [xlsx, pdf]}\n", recipients, server.port))
	if code, _, messages := duepack(t, nil, "report", "-c", config, "--quiet"); code != 0 {
		t.Fatalf("report: %d, %s", code, messages)
	}
	first := exec.Command(os.Args[0])
	first.Args = []string{"duepack", "send", "-c", config}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	outbox := filepath.Join(dir, "out", "2026-10-31.outbox.jsonl")
	for range 1200 {
		text, _ := os.ReadFile(outbox)
		if bytes.Count(text, []byte(`"state":"sent"`)) > 80 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // it was killed
	code, out, messages := duepack(t, nil, "send", "-c", config)
	if code != exitIncomplete || !strings.Contains(out, "0 waiting, 1 refused") || !strings.Contains(messages, "accountants[200]: refused: rcpt: 550") {
		log, _ := os.ReadFile(filepath.Join(server.dir, "log"))
		t.Fatalf("exit code %d, %s, %s\n%s", code, out, messages, log)
	}
	if sent, _, _ := strings.Cut(out, " sent,"); sent == "2026-10-31: 201" {
		t.Error("the first run had sent nothing when it was killed")
	}
	wantEverybody(t, server.mails(t, 201), 201, 1)
}

// certificatePart returns the certificate of a file that holds the key too.
func certificatePart(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(text, []byte("-----BEGIN CERTIFICATE-----"))
	if at < 0 {
		t.Fatal("no certificate in " + strconv.Quote(path))
	}
	return text[at:]
}
