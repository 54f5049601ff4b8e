package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/render"
	"github.com/gaitkeeper/gaitkeeper/edi"
)

// Charts are SVG whose colors come from the page, so that they follow light, dark and
// print. A table beside each says the same in numbers.

// svg draws shapes.
type svg struct{ strings.Builder }

func (s *svg) open(width, height float64, label string) {
	fmt.Fprintf(s, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, width, height, html.EscapeString(label))
}

func (s *svg) rect(class string, x, y, w, h float64, title string) {
	fmt.Fprintf(s, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="2"><title>%s</title></rect>`, class, px(x), px(y), px(w), px(h), html.EscapeString(title))
}

func (s *svg) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(s, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, px(x1), px(y1), px(x2), px(y2))
}

func (s *svg) text(class string, x, y float64, text string) {
	fmt.Fprintf(s, `<text class="%s" x="%s" y="%s">%s</text>`, class, px(x), px(y), html.EscapeString(text))
}

func (s *svg) close() template.HTML {
	s.WriteString("</svg>")
	return template.HTML(s.String())
}

// px is a length with one decimal.
func px(f float64) string { return fmt.Sprintf("%g", math.Round(f*10)/10) }

// The place of the bars in a chart.
const (
	chartWidth  = 640.0
	chartHeight = 290.0
	chartTop    = 26.0
	chartBottom = 44.0
)

// scale turns dollars into heights.
type scale struct{ low, high float64 }

func (s *scale) take(v float64) { s.low, s.high = min(s.low, v), max(s.high, v) }

func (s *scale) y(v float64) float64 {
	if s.high == s.low {
		return chartHeight - chartBottom
	}
	return chartTop + (s.high-v)/(s.high-s.low)*(chartHeight-chartTop-chartBottom)
}

// waterfall leads from what was charged to what was paid.
func waterfall(s *render.RemitSummary) template.HTML {
	steps := []struct {
		name, class string
		amount      edi.Amount
		total       bool
	}{
		{"Charged", "charge", cents(s.Charge), true},
		{"Contractual", "contractual", cents(s.Contractual), false},
		{"Patient", "patient", cents(s.Patient), false},
		{"Denied", "denied", cents(s.Denied), false},
		{"Unexplained", "unexplained", cents(s.Unexplained), false},
		{"Paid", "paid", cents(s.Paid), true},
	}
	var sc scale
	left := float64(0)
	for _, st := range steps {
		v := float64(st.amount)
		if st.total {
			left = v
		} else {
			left -= v
		}
		sc.take(left)
	}
	label := "Waterfall from charge to paid:"
	for _, st := range steps {
		label += " " + st.name + " " + dollars(st.amount) + ","
	}
	var out svg
	out.open(chartWidth, chartHeight, strings.TrimSuffix(label, ","))
	width := chartWidth / float64(len(steps))
	left = 0
	for i, st := range steps {
		from, to := 0.0, float64(st.amount)
		if !st.total {
			from, to = left, left-float64(st.amount)
		}
		x, high, low := float64(i)*width, sc.y(max(from, to)), sc.y(min(from, to))
		sign := ""
		if !st.total && st.amount > 0 {
			sign = "−"
		}
		text := sign + dollars(st.amount)
		if !st.total && st.amount < 0 {
			text = "+" + dollars(-st.amount)
		}
		out.rect(st.class, x+14, high, width-28, max(low-high, 1), st.name+" "+dollars(st.amount))
		out.text("value", x+width/2, high-8, text)
		out.text("name", x+width/2, chartHeight-chartBottom+22, st.name)
		if c := cents(s.Charge); c > 0 {
			out.text("part", x+width/2, chartHeight-chartBottom+38, percent(float64(st.amount)/float64(c)))
		}
		if i+1 < len(steps) {
			out.line("step", x+width-14, sc.y(to), x+width+14, sc.y(to))
		}
		left = to
	}
	out.line("axis", 0, sc.y(0), chartWidth, sc.y(0))
	return out.close()
}

// mostBars is how many reasons have a bar of their own.
const mostBars = 10

// pareto are the denied dollars of each reason, the recoverable part in full color,
// and the running share of all.
func pareto(list []share) template.HTML {
	var bars []share
	for _, s := range list {
		if cents(s.Denied) > 0 {
			bars = append(bars, s)
		}
	}
	if len(bars) == 0 {
		return ""
	}
	if len(bars) > mostBars+1 {
		other := share{RemitDenial: render.RemitDenial{CARC: fmt.Sprintf("%d more", len(bars)-mostBars)}, Running: 1}
		denied, recoverable := edi.Amount(0), edi.Amount(0)
		for _, s := range bars[mostBars:] {
			denied, recoverable = denied+cents(s.Denied), recoverable+cents(s.Recoverable)
		}
		other.Denied, other.Recoverable = denied.String(), recoverable.String()
		bars = append(bars[:mostBars:mostBars], other)
	}
	var sc scale
	label := "Denied dollars by reason:"
	for _, s := range bars {
		sc.take(float64(cents(s.Denied)))
		label += fmt.Sprintf(" %s %s,", reason(s.Group, s.CARC), dollars(cents(s.Denied)))
	}
	var out svg
	out.open(chartWidth, chartHeight, strings.TrimSuffix(label, ","))
	const plot = chartWidth - 44 // the scale of the shares stands behind
	running := scale{0, 1}
	for _, f := range []float64{0.25, 0.5, 0.75, 1} {
		out.line("grid", 0, running.y(f), plot, running.y(f))
		out.text("tick", plot+8, running.y(f)+4, fmt.Sprintf("%.0f%%", f*100))
	}
	width := plot / float64(max(len(bars), 4))
	gap := width * 0.16
	points := ""
	for i, s := range bars {
		x, denied, back := float64(i)*width, float64(cents(s.Denied)), float64(cents(s.Recoverable))
		back = min(max(back, 0), denied)
		title := fmt.Sprintf("%s %s: %s denied, %s recoverable", reason(s.Group, s.CARC), s.Meaning, dollars(cents(s.Denied)), dollars(cents(s.Recoverable)))
		class := "denied"
		if s.Group == "" {
			class = "other" // the rest, in one
		}
		out.rect(class+" pale", x+gap, sc.y(denied), width-2*gap, sc.y(0)-sc.y(denied), title)
		if back > 0 {
			out.rect(class, x+gap, sc.y(back), width-2*gap, sc.y(0)-sc.y(back), title)
		}
		out.text("name", x+width/2, chartHeight-chartBottom+20, reason(s.Group, s.CARC))
		out.text("part", x+width/2, chartHeight-chartBottom+36, short(cents(s.Denied)))
		points += px(x+width/2) + "," + px(running.y(s.Running)) + " "
	}
	out.line("axis", 0, sc.y(0), plot, sc.y(0))
	fmt.Fprintf(&out, `<polyline class="running" points="%s"/>`, strings.TrimSpace(points))
	for i, s := range bars {
		fmt.Fprintf(&out, `<circle class="running" cx="%s" cy="%s" r="3.5"><title>%s of all denied dollars</title></circle>`,
			px(float64(i)*width+width/2), px(running.y(s.Running)), percent(s.Running))
	}
	return out.close()
}

// short writes dollars for a narrow place: $950, $12.3k, $1.20M.
func short(a edi.Amount) string {
	d := float64(a) / 100
	switch {
	case d >= 999_500:
		return fmt.Sprintf("$%.2fM", d/1e6)
	case d >= 10_000:
		return fmt.Sprintf("$%.1fk", d/1e3)
	}
	return "$" + count(int(math.Round(d)))
}

// bar is a rate as a bar of a table.
func bar(r float64) template.HTML {
	return template.HTML(fmt.Sprintf(
		`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="denied" width="%s" height="10"/></svg>`,
		px(min(max(r, 0), 1)*100),
	))
}
