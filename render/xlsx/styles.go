package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// format is how the content of a cell is written.
type format uint8

const (
	textFormat   format = iota
	indentFormat        // a text below another
	wrapFormat
	rightFormat // text over numbers
	dateFormat
	monthFormat
	countFormat
	shareFormat   // 12.34%
	rateFormat    // a rate that was given: as many decimals as it has
	percentFormat // already × 100
	daysFormat
	timesFormat
	fxFormat
	pointsFormat  // a change in percentage points
	changeOfMany  // a change of days, times or an index
	moneyFormat   // and one per exponent: moneyFormat + exponent
	changeOfMoney = moneyFormat + exponents
	formats       = changeOfMoney + exponents
	exponents     = 5
)

// role is the meaning of a cell; it decides its looks.
type role uint8

const (
	plainRole role = iota
	mutedRole
	inputRole // a reader may change it
	headRole
	subtotalRole
	totalRole
	markedRole
	titleRole
	alarmRole
	goodRole
	linkRole // leads elsewhere
	betterRole
	worseRole
	roles
)

// styles are the ids of all styles of the workbook, made before any row is
// written.
type styles [formats][roles]int

// The palette of docs/design.md.
const (
	inkColor   = "1B1F24"
	quietColor = "5B6570"
	ruleColor  = "D5DAE0"
	linkColor  = "1D4F7C"
	headFill   = "F3F5F7"
	markFill   = "FBF3DF"
	inputColor = "1D4F7C"
	inputFill  = "FFFBE6"
	inputTab   = "E7B15E"
	dataTab    = "D5DAE0"
	alarmColor = "A8271E"
	goodColor  = "2F7D4F"
	faintColor = "A9B1BA" // of what says that there is nothing
)

// lettering is how a language writes.
type lettering struct {
	font        string
	parentheses bool   // around negative amounts
	points      string // after a change in percentage points
}

func newStyles(f *excelize.File, how lettering) (*styles, error) {
	var s styles
	for form := range formats {
		for r := range roles {
			id, err := f.NewStyle(cellStyle(form, r, how))
			if err != nil {
				return nil, err
			}
			s[form][r] = id
		}
	}
	return &s, nil
}

func cellStyle(form format, r role, how lettering) *excelize.Style {
	font := &excelize.Font{Color: inkColor, Size: 10, Family: how.font}
	align := &excelize.Alignment{Vertical: "center"}
	style := &excelize.Style{Font: font, Alignment: align}
	if number := form.number(how); number != "" {
		style.CustomNumFmt = &number
		align.Horizontal, align.Indent = "right", 1 // a text may follow in the next column
	}
	switch form {
	case monthFormat: // it heads a row, as a text does
		align.Horizontal, align.Indent = "left", 0
	case indentFormat:
		align.Horizontal, align.Indent = "left", 1
	case textFormat:
		align.Horizontal = "left" // also where the text runs from right to left
	case wrapFormat:
		align.Horizontal, align.WrapText = "left", true
	case rightFormat:
		align.Horizontal, align.Indent = "right", 1
	}
	line := func(edge string, weight int) {
		style.Border = append(style.Border, excelize.Border{Type: edge, Color: ruleColor, Style: weight})
	}
	fill := func(color string) {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	switch r {
	case mutedRole:
		font.Color = quietColor
	case inputRole:
		font.Color = inputColor
		fill(inputFill)
		for _, edge := range []string{"left", "right", "top", "bottom"} {
			line(edge, 1)
		}
	case headRole:
		font.Bold, font.Color = true, quietColor
		align.WrapText, align.Vertical = true, "bottom"
		fill(headFill)
		line("bottom", 1)
	case subtotalRole:
		font.Bold = true
	case totalRole:
		font.Bold = true
		style.Border = append(style.Border, excelize.Border{Type: "top", Color: quietColor, Style: 1})
		line("bottom", 6)
	case markedRole:
		fill(markFill)
	case titleRole:
		font.Bold, font.Size = true, 14
	case alarmRole:
		font.Bold, font.Color = true, alarmColor
	case goodRole:
		font.Bold, font.Color = true, goodColor
	case linkRole:
		font.Color = linkColor
	case betterRole:
		font.Color = goodColor
	case worseRole:
		font.Color = alarmColor
	}
	return style
}

// number returns the number format; "" for text. Negative amounts stand in
// parentheses where the language writes them so.
func (form format) number(how lettering) string {
	switch form {
	case textFormat, indentFormat, wrapFormat, rightFormat:
		return ""
	case dateFormat:
		return "yyyy-mm-dd"
	case monthFormat:
		return "yyyy-mm"
	case countFormat:
		return "#,##0"
	case shareFormat:
		return "0.0%"
	case rateFormat:
		return "0.00######%"
	case percentFormat:
		return "0.0"
	case daysFormat:
		return "#,##0.0"
	case timesFormat:
		return "0.00"
	case fxFormat:
		return "0.00########"
	case pointsFormat:
		return signed(`#,##0.0"` + how.points + `"`)
	case changeOfMany:
		return signed("#,##0.0")
	}
	amount, exponent := "#,##0", int(form-moneyFormat)%exponents
	if exponent > 0 {
		amount += "." + strings.Repeat("0", exponent)
	}
	switch {
	case form >= changeOfMoney:
		return signed(amount)
	case how.parentheses:
		return amount + "_);(" + amount + ")"
	}
	return amount
}

// signed writes a number with its sign.
func signed(number string) string { return "+" + number + ";-" + number + ";" + number }

// bucketColors are the fills of buckets past due, from light to dark, and the
// one of what is not due (docs/design.md).
var bucketColors = []string{"F2D7A0", "E7B15E", "D3803B", "B04A2A", "7D1F1A"}

const notDueColor = "7FA7C4"

// bucketColor is the fill of a bucket in charts: those past due are spread over
// the ramp.
func (b *book) bucketColor(bucket int) string {
	first := 0
	if len(b.pack.Buckets) > 0 && b.pack.Buckets[0].NotDue {
		first = 1
	}
	late := len(b.pack.Buckets) - first
	switch {
	case bucket < first:
		return notDueColor
	case late == 1:
		return bucketColors[len(bucketColors)/2]
	}
	return bucketColors[(bucket-first)*(len(bucketColors)-1)/(late-1)]
}
