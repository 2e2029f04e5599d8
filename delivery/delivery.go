// Package delivery hands mails to a server or a folder, once each. What became
// of every mail is noted in an outbox beside the pack before and after it is
// handed over, so that a run that was killed is gone on with by the next one.
// It knows nothing about packs: a mail is an address and bytes.
package delivery

import (
	"context"
	"errors"
	"time"
)

// Mail is one mail to one recipient.
type Mail struct {
	Recipient string // who it is in the outbox: "executive ceo@example.com", "rep R07 ana@example.com"
	Label     string // the same without an address, for logs: "executives[0]", "reps/R07"
	To        string // the address
	ID        string // its Message-ID, the same each time it is tried
	// Refuse says why it can never be sent, as an address that is none; "" for any other.
	Refuse string
	// Compose returns the mail as it is sent: dated, and of at most so many
	// bytes (0: any). An error refuses the mail for good.
	Compose func(date time.Time, mostBytes int64) ([]byte, error)
}

// Transport takes mails one after the other.
type Transport interface {
	// MostBytes is the size of mail it takes; 0: any.
	MostBytes() int64
	// Send hands one mail over. A nil error says that it was accepted. A *Reply
	// is the answer of a server; after any other error, or a Reply that closes
	// the connection, the transport is of no use any more.
	Send(ctx context.Context, m *Mail, data []byte) error
	Close() error
}

// Reply is an answer of a server other than yes.
type Reply struct {
	Code  int    // 4xx: not now; 5xx: never
	Text  string // as the server says it: it may hold addresses
	Stage string // the command it answers: "connect", "auth", "mail", "rcpt", "data"

	broken bool // the connection was lost after the answer
}

// Error says at which command the server refused and how.
func (r *Reply) Error() string { return r.Stage + ": " + r.Text }

// permanent reports whether the answer is about this recipient and final.
func (r *Reply) permanent() bool {
	return r.Code >= 500 && (r.Stage == "rcpt" || r.Stage == "data")
}

// closes reports whether the connection takes no further mail.
func (r *Reply) closes() bool { return r.Code == 421 || r.broken || r.hopeless() }

// hopeless reports whether the server will take no mail at all: not from us,
// not with this password, not from this sender.
func (r *Reply) hopeless() bool {
	return r.Code >= 500 && (r.Stage == "connect" || r.Stage == "auth" || r.Stage == "mail" && r.Code != 552)
}

// tooLarge reports whether the server found the mail too large.
func (r *Reply) tooLarge() bool { return r.Code == 552 && (r.Stage == "data" || r.Stage == "mail") }

// Courier delivers the mails of one pack.
type Courier struct {
	Pack   string // hash of the pack
	Outbox *Outbox
	Open   func(context.Context) (Transport, error)
	Retry  []time.Duration // what to wait before each further round over what was not taken
	// RetryRefused tries again what was refused for good.
	RetryRefused bool
	Now          func() time.Time
	// Told is called after each mail with what was noted of it; may be nil.
	Told func(*Mail, Entry)
}

// Outcome counts what became of the mails of a pack, those of earlier runs
// among them.
type Outcome struct {
	Sent    int // in this run
	Already int // in an earlier one
	Waiting int // not taken yet: the next run tries again
	Refused int // for good
	// Why is the first reason for which a mail is waiting or refused.
	Why error
}

// Complete reports whether everybody has their mail.
func (o Outcome) Complete() bool { return o.Waiting == 0 && o.Refused == 0 }

// Deliver hands over every mail that the outbox does not know as sent. The
// error is an operating one, of the outbox or an interrupt; what a server says is in the
// Outcome.
func (c *Courier) Deliver(ctx context.Context, mails []Mail) (Outcome, error) {
	pending, err := c.enter(mails)
	if err != nil {
		return Outcome{}, err
	}
	var why error
	for round := 0; len(pending) > 0; round++ {
		if round > 0 {
			if round > len(c.Retry) {
				break
			}
			if err := wait(ctx, c.Retry[round-1]); err != nil {
				return Outcome{}, err
			}
		}
		var final bool
		pending, final, why, err = c.round(ctx, pending)
		if err != nil {
			return Outcome{}, err
		}
		if final {
			break
		}
	}
	return c.count(mails, why), nil
}

// wait sleeps unless the run is interrupted.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// enter notes mails the outbox does not know as waiting, and returns those that
// are to be sent. What can never be sent is refused at once.
func (c *Courier) enter(mails []Mail) ([]*Mail, error) {
	var pending []*Mail
	var entries []Entry
	for i := range mails {
		m := &mails[i]
		last, known := c.Outbox.Last(c.Pack, m.Recipient)
		switch {
		case known && last.State == Sent, known && last.State == Refused && !c.RetryRefused:
			continue
		case m.Refuse != "":
			entries = append(entries, c.entry(m, Refused, 0, m.Refuse))
			continue
		case !known:
			entries = append(entries, c.entry(m, Waiting, 0, ""))
		}
		pending = append(pending, m)
	}
	return pending, c.Outbox.Note(entries...)
}

func (c *Courier) entry(m *Mail, state State, code int, reply string) Entry {
	now := c.Now().UTC().Truncate(time.Second)
	e := Entry{At: now, Pack: c.Pack, Recipient: m.Recipient, State: state, MessageID: m.ID, Date: now, Code: code, Reply: reply}
	if last, ok := c.Outbox.Last(c.Pack, m.Recipient); ok {
		e.Date, e.Tries = last.Date, last.Tries
	}
	return e
}

// round tries every pending mail once and returns those still pending. It ends
// early where no connection can be had; final says that none ever will be had
// with these settings.
func (c *Courier) round(ctx context.Context, pending []*Mail) (left []*Mail, final bool, why error, err error) {
	var t Transport
	defer func() {
		if t != nil {
			_ = t.Close() // everything has been noted; a farewell that fails changes nothing
		}
	}()
	for i, m := range pending {
		if err := ctx.Err(); err != nil {
			return nil, false, nil, err
		}
		if t == nil {
			if t, err = c.Open(ctx); err != nil {
				if ctx.Err() != nil {
					return nil, false, nil, ctx.Err()
				}
				return append(left, pending[i:]...), hopeless(err), err, c.noteAll(pending[i:], err)
			}
		}
		state, reason, usable, err := c.try(ctx, t, m)
		if err != nil {
			return nil, false, nil, err
		}
		if state != Sent && why == nil {
			why = reason
		}
		if state == Waiting {
			left = append(left, m)
		}
		if hopeless(reason) {
			return append(left, pending[i+1:]...), true, reason, c.noteAll(pending[i+1:], reason)
		}
		if !usable {
			_ = t.Close()
			t = nil
		}
	}
	return left, false, why, nil
}

func hopeless(err error) bool {
	var reply *Reply
	return errors.As(err, &reply) && reply.hopeless()
}

// noteAll notes why mails could not even be tried.
func (c *Courier) noteAll(mails []*Mail, why error) error {
	entries := make([]Entry, len(mails))
	for i, m := range mails {
		entries[i] = c.entry(m, Waiting, codeOf(why), why.Error())
	}
	if err := c.Outbox.Note(entries...); err != nil {
		return err
	}
	for i, m := range mails {
		c.tell(m, entries[i])
	}
	return nil
}

func (c *Courier) tell(m *Mail, e Entry) {
	if c.Told != nil {
		c.Told(m, e)
	}
}

func codeOf(err error) int {
	var reply *Reply
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}

// try hands one mail over, noting before and after. The note before it says
// that a mail may have been accepted of which nothing else is noted. usable says whether
// the transport can take another.
func (c *Courier) try(ctx context.Context, t Transport, m *Mail) (state State, reason error, usable bool, err error) {
	before := c.entry(m, Sending, 0, "")
	before.Tries++
	data, composeErr := m.Compose(before.Date, t.MostBytes())
	if composeErr != nil {
		return c.note(m, Refused, composeErr, true)
	}
	if err := c.Outbox.Note(before); err != nil {
		return "", nil, false, err
	}
	sendErr := t.Send(ctx, m, data)
	var reply *Reply
	if errors.As(sendErr, &reply) && reply.tooLarge() {
		// The server is stricter than it said: once more, without attachments.
		if smaller, err := m.Compose(before.Date, 1<<16); err == nil && len(smaller) < len(data) {
			sendErr = t.Send(ctx, m, smaller)
		}
	}
	reply = nil
	switch {
	case sendErr == nil:
		return c.note(m, Sent, nil, true)
	case !errors.As(sendErr, &reply):
		state, reason, usable, err = c.note(m, Waiting, sendErr, false)
		if err == nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		return state, reason, usable, err
	case reply.permanent():
		return c.note(m, Refused, sendErr, !reply.closes())
	}
	return c.note(m, Waiting, sendErr, !reply.closes())
}

// note writes what became of a mail.
func (c *Courier) note(m *Mail, state State, why error, usable bool) (State, error, bool, error) {
	text := ""
	if why != nil {
		text = why.Error()
	}
	e := c.entry(m, state, codeOf(why), text)
	if err := c.Outbox.Note(e); err != nil {
		return "", nil, false, err
	}
	c.tell(m, e)
	return state, why, usable, nil
}

// count sums up what the outbox knows of the mails.
func (c *Courier) count(mails []Mail, why error) Outcome {
	o := Outcome{Why: why}
	for i := range mails {
		switch last, _ := c.Outbox.Last(c.Pack, mails[i].Recipient); {
		case last.State == Sent && c.Outbox.fresh[key{c.Pack, mails[i].Recipient}]:
			o.Sent++
		case last.State == Sent:
			o.Already++
		case last.State == Refused:
			o.Refused++
			if o.Why == nil {
				o.Why = errors.New(last.Reply)
			}
		default:
			o.Waiting++
			if o.Why == nil && last.Reply != "" {
				o.Why = errors.New(last.Reply)
			}
		}
	}
	return o
}
