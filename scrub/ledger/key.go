package ledger

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// keySize is the length of the secret, in bytes.
const keySize = 32

// checked is what the check value of a key is made of.
const checked = "gaitkeeper ledger key"

// Key is the hash of an identity that only the holder of the key can make.
func (l *Ledger) Key(identity []byte) (k Key) {
	h := hmac.New(sha256.New, l.secret)
	h.Write(identity)
	var sum [sha256.Size]byte
	copy(k[:], h.Sum(sum[:0]))
	return k
}

// readKey reads a key that only its owner can read.
func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrKeyMissing)
	} else if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode()&0o077 != 0 {
		return nil, fmt.Errorf("%s: %w", path, ErrKeyOpen)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%s: not a key of a ledger: %d hexadecimal digits are expected", path, 2*keySize)
	}
	return key, nil
}

// makeKey writes a new key. It comes into being whole or not at all, and one that
// another process made meanwhile stays.
func makeKey(path string) error {
	key := make([]byte, keySize)
	rand.Read(key)
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintf(f, "%x\n", key)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
