package edi

// SetBatchSize sets how much a scan in the background hands over at once. It returns what
// sets it back.
func SetBatchSize(n int) (restore func()) {
	old := batchSize
	batchSize = n
	return func() { batchSize = old }
}
