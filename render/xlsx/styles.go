package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// format is how the content of a cell is written.
type format uint8

const (
	textFormat format = iota
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
	moneyFormat // and one per exponent: moneyFormat + exponent
	formats     = moneyFormat + 5
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
	roles
)

// styles are the ids of all styles of the workbook, made before any row is
// written.
type styles [formats][roles]int

// The palette, in the greys and one blue of the pages.
const (
	inkColor   = "1F2933"
	quietColor = "8A94A0"
	ruleColor  = "C5CBD3"
	headFill   = "E9EDF2"
	markFill   = "FFF3CD"
	inputColor = "1F4E9E"
	inputFill  = "FFFBE6"
	alarmColor = "B42318"
)

func newStyles(f *excelize.File) (*styles, error) {
	var s styles
	for form := range formats {
		for r := range roles {
			id, err := f.NewStyle(cellStyle(form, r))
			if err != nil {
				return nil, err
			}
			s[form][r] = id
		}
	}
	return &s, nil
}

func cellStyle(form format, r role) *excelize.Style {
	font := &excelize.Font{Color: inkColor, Size: 10, Family: "Calibri"}
	align := &excelize.Alignment{Vertical: "center"}
	style := &excelize.Style{Font: font, Alignment: align}
	if number := form.number(); number != "" {
		style.CustomNumFmt = &number
		align.Horizontal, align.Indent = "right", 1 // a text may follow in the next column
	}
	switch form {
	case monthFormat: // it heads a row, as a text does
		align.Horizontal, align.Indent = "left", 0
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
		font.Bold = true
		align.WrapText = true
		fill(headFill)
		line("bottom", 2)
	case subtotalRole:
		font.Bold = true
	case totalRole:
		font.Bold = true
		line("top", 1)
		line("bottom", 6)
	case markedRole:
		fill(markFill)
	case titleRole:
		font.Bold, font.Size = true, 13
	case alarmRole:
		font.Bold, font.Color = true, alarmColor
	}
	return style
}

// number returns the number format; "" for text.
func (form format) number() string {
	switch form {
	case textFormat, wrapFormat, rightFormat:
		return ""
	case dateFormat:
		return "yyyy-mm-dd"
	case monthFormat:
		return "yyyy-mm"
	case countFormat:
		return "#,##0"
	case shareFormat:
		return "0.00%"
	case rateFormat:
		return "0.00######%"
	case percentFormat:
		return "0.00"
	case daysFormat:
		return "#,##0.0"
	case timesFormat:
		return "0.00##"
	case fxFormat:
		return "0.00########"
	case moneyFormat:
		return "#,##0"
	}
	return "#,##0." + strings.Repeat("0", int(form-moneyFormat))
}
