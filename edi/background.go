package edi

import "runtime"

// Background lets another goroutine read and split the input, a little ahead of Next.
// It must be called before Next. stop ends that goroutine and waits for it; it must be
// called, at the end of the scan or before. Where there is one processor only, nothing
// is done.
func (s *Scanner) Background() (stop func()) {
	if runtime.GOMAXPROCS(0) == 1 {
		return func() {}
	}
	b := &background{full: make(chan *batch), free: make(chan *batch, batches), quit: make(chan struct{}), ended: make(chan struct{}), size: batchSize}
	for range batches {
		b.free <- new(batch)
	}
	s.behind = b
	go b.scan(&Scanner{src: s.src, MaxSegment: s.MaxSegment, line: 1})
	return func() {
		close(b.quit)
		<-b.ended
	}
}

// batches is one that is read and one that is filled.
const batches = 2

// batchSize is the bytes of segments from which on a batch is handed over. To wake the
// other goroutine is dear: with half of it, nothing is won. Tests make it smaller.
var batchSize = 128 << 10

// background is a scan that runs ahead.
type background struct {
	full, free  chan *batch
	quit, ended chan struct{}
	size        int
	last        *batch // that Next gives segments of
	end         Pos    // see Scanner.End; written before the last batch
}

// batch is what a scan hands over at once: segments that follow each other without
// gaps, or the end.
type batch struct {
	faults []*SyntaxError // told before the segments
	run    Block
	segs   int   // see Scanner
	offset int64 // of what follows
	tail   []byte
	err    error
}

// scan splits the input of s into batches, the last one without segments.
func (b *background) scan(s *Scanner) {
	defer close(b.ended)
	var faults []*SyntaxError
	s.OnError = func(e *SyntaxError) { faults = append(faults, e) }
	waiting := false // s has segments that are in no batch yet
	for {
		var to *batch
		select {
		case to = <-b.free:
		case <-b.quit:
			return
		}
		to.run.Reset()
		to.faults = nil
		for len(to.run.data) < b.size && (waiting || s.next()) {
			if waiting = to.run.Len() > 0 && (len(faults) > 0 || to.run.delims != s.run.delims || to.run.Span().End != s.run.base); waiting {
				break
			}
			to.faults, faults = append(to.faults, faults...), nil
			if n := len(to.run.data); n > b.size/4 && cap(to.run.data) < b.size {
				to.run.grow(b.size)
			}
			to.run.appendRun(&s.run, 0, s.run.Len())
			to.segs, to.offset = s.segs, s.offset()
		}
		end := to.run.Len() == 0
		if end {
			b.end = s.End()
			to.faults, to.segs, to.offset, to.tail, to.err = faults, s.segs, s.offset(), s.tail, s.err
		}
		select {
		case b.full <- to:
		case <-b.quit:
			return
		}
		if end {
			return
		}
	}
}

// receive makes the next batch the run. It returns false at the end, or once the scan was
// stopped.
func (s *Scanner) receive() bool {
	b := s.behind
	if b.last != nil {
		b.free <- b.last
	}
	select {
	case b.last = <-b.full:
	case <-b.ended: // stopped before the end: full holds nothing that was not taken
		s.run.Reset()
		s.at, s.first, s.done = 0, 0, true
		return false
	}
	for _, e := range b.last.faults {
		if s.fault(e); s.err != nil {
			return false
		}
	}
	s.run, s.segs, s.base = b.last.run, b.last.segs, b.last.offset
	s.at, s.first = 0, 0
	if len(s.run.segs) == 0 {
		s.done, s.tail, s.err = true, b.last.tail, b.last.err
	}
	return !s.done
}
