package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

// TermsKind says how payment terms count (rules §2).
type TermsKind uint8

// The kinds of payment terms.
const (
	TermsNone    TermsKind = iota // not given
	TermsNet                      // issued + Days
	TermsEOM                      // end of issued month + Days; with Day: on that day of the month reached
	TermsCOD                      // cash on delivery: due when issued
	TermsPrepaid                  // due when issued
)

// Terms are payment terms. The zero value means "not given".
type Terms struct {
	Kind TermsKind
	Days int16 // days added
	Day  int8  // 1 … 31 for "eom N day K", else 0
}

// Due returns the date payment is due for a document issued on a date: net N
// is issued + N days; eom N is the end of the issued month + N days; eom N day
// K is day K of the first month in which day K is on or after that date; cod
// and prepaid are due when issued. Terms not given have no due date (0).
func (t Terms) Due(issued Date) Date {
	switch t.Kind {
	case TermsNet:
		return issued + Date(t.Days)
	case TermsEOM:
		end := issued.MonthEnd() + Date(t.Days)
		if t.Day == 0 {
			return end
		}
		month := end.Month()
		due := month.Start() + Date(min(int(t.Day), month.Days())-1)
		if due < end {
			month++
			due = month.Start() + Date(min(int(t.Day), month.Days())-1)
		}
		return due
	case TermsCOD, TermsPrepaid:
		return issued
	}
	return 0
}

// String writes the terms in their canonical English form.
func (t Terms) String() string {
	switch t.Kind {
	case TermsNet:
		return fmt.Sprintf("net %d", t.Days)
	case TermsEOM:
		if t.Day > 0 {
			return fmt.Sprintf("eom %d day %d", t.Days, t.Day)
		}
		return fmt.Sprintf("eom %d", t.Days)
	case TermsCOD:
		return "cod"
	case TermsPrepaid:
		return "prepaid"
	}
	return ""
}

// maxTermDays bounds terms; more is a typing error, not a term of payment.
const maxTermDays = 3650

// ParseTerms reads payment terms in English or Chinese: "net 30", "Net30",
// "30 days", "30天", "eom", "eom 30", "eom 30 day 10", "EOM+30", 月结, 月结30天,
// "cod", 货到付款, 现结, "prepaid", 预付, 款到发货, "due on receipt". The empty text is
// "not given". Anything else is an error.
func ParseTerms(s string) (Terms, error) {
	text := strings.ToLower(strings.Join(strings.Fields(s), " "))
	if text == "" {
		return Terms{}, nil
	}
	switch text {
	case "cod", "cash", "cash on delivery", "货到付款", "现结", "现金", "due on receipt", "immediate", "见票即付":
		return Terms{Kind: TermsCOD}, nil
	case "prepaid", "prepayment", "cia", "cash in advance", "预付", "预付款", "款到发货", "先款后货":
		return Terms{Kind: TermsPrepaid}, nil
	}
	for _, word := range []string{"eom", "end of month", "月结"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			return parseEOM(s, rest)
		}
	}
	for _, word := range []string{"net", "n/", "账期", "票到"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			text = rest
			break
		}
	}
	days, ok := termDays(text)
	if !ok {
		return Terms{}, termsError(s)
	}
	return Terms{Kind: TermsNet, Days: days}, nil
}

func parseEOM(original, rest string) (Terms, error) {
	rest, dayText, hasDay := strings.Cut(rest, "day ")
	terms := Terms{Kind: TermsEOM}
	if rest = strings.TrimSpace(rest); rest != "" {
		days, ok := termDays(rest)
		if !ok {
			return Terms{}, termsError(original)
		}
		terms.Days = days
	}
	if hasDay {
		day, err := strconv.Atoi(strings.TrimSpace(dayText))
		if err != nil || day < 1 || day > 31 {
			return Terms{}, termsError(original)
		}
		terms.Day = int8(day)
	}
	return terms, nil
}

// termDays reads the number of days in " 30 days", "+30", "30天", "30d".
func termDays(text string) (int16, bool) {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "+"))
	for _, unit := range []string{"days", "day", "d", "天", "日"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, unit))
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxTermDays {
		return 0, false
	}
	return int16(n), true
}

func termsError(s string) error {
	return fmt.Errorf("%q is not payment terms (want net 30, eom 30, eom 30 day 10, 月结30天, cod or prepaid)", s)
}
