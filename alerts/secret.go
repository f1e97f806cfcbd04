package alerts

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
)

// Secret is 256 random bits as text. It shows itself nowhere but through Reveal, and in JSON, which the store keeps.
type Secret string

// NewSecret makes a secret.
func NewSecret() Secret {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return Secret(base64.RawURLEncoding.EncodeToString(b[:]))
}

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Bytes are the bits.
func (s Secret) Bytes() ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(string(s))
	if err != nil {
		return nil, fmt.Errorf("the secret of a subscription is damaged: %w", err)
	}
	return b, nil
}

// Key is the secret as receivers of webhooks take it, and their libraries: "whsec_" and the bits.
func (s Secret) Key() (string, error) {
	b, err := s.Bytes()
	if err != nil {
		return "", err
	}
	return "whsec_" + base64.StdEncoding.EncodeToString(b), nil
}

func (Secret) String() string       { return strings.Repeat("*", 3) }
func (s Secret) GoString() string   { return s.String() }
func (Secret) LogValue() slog.Value { return slog.StringValue("***") }
