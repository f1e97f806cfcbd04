package feeds

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
)

// Keeper keeps the state of a feed with a sink, where it says something else than what was kept last.
type Keeper struct{ kept string }

// Keep keeps a state, as JSON.
func (k *Keeper) Keep(ctx context.Context, to Sink, state any) error {
	raw, err := json.Marshal(state, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("how far the feed is: %w", err)
	}
	if string(raw) == k.kept {
		return nil
	}
	if err := to.Keep(ctx, raw); err != nil {
		return fmt.Errorf("keeping how far the feed is: %w", err)
	}
	k.kept = string(raw)
	return nil
}
