package term

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress shows how much of long work is done: one line on a terminal, nothing
// elsewhere or in the first second.
type Progress struct {
	bar   *progressbar.ProgressBar
	start time.Time
	bytes int64
}

// NewProgress shows progress on w, of total bytes; -1 where that is not known.
// On anything but a terminal, or when quiet, it shows nothing.
func NewProgress(w io.Writer, total int64, quiet bool) *Progress {
	p := &Progress{start: time.Now()}
	if !quiet && IsTerminal(w) {
		p.bar = progressbar.NewOptions64(
			total, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionSetDescription("reading"),
		)
	}
	return p
}

// Add counts bytes.
func (p *Progress) Add(n int64) {
	if p == nil || p.bar == nil {
		return
	}
	p.bytes += n
	if time.Since(p.start) > time.Second {
		_ = p.bar.Add64(p.bytes) // an animation that fails is no failure
		p.bytes = 0
	}
}

// Clear takes the line away before other text.
func (p *Progress) Clear() {
	if p != nil && p.bar != nil {
		_ = p.bar.Clear()
	}
}
