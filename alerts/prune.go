package alerts

import (
	"context"
	"errors"
	"strings"
	"time"

	"bidfit/notice"
	"bidfit/pursuit"
	"bidfit/store"
)

// toldFor is how long after a notice is closed it is remembered what was told of it.
const toldFor = 90 * 24 * time.Hour

// untilRow notes under a day that what was told of a notice may be forgotten some time after it: the day of its deadline or, where it has
// none, the day it was told. There may be several for one notice; the last counts.
func untilRow(id string, deadline notice.Moment, at time.Time) (pursuit.Record, error) {
	if !deadline.IsZero() {
		at = deadline.Time
	}
	return record(pursuit.KindMark, "until/"+today(at)+"/"+short(id), due{Notice: id})
}

// prune forgets, once a day, what is long past.
func (e *Engine) prune(ctx context.Context, now time.Time, _ *Report) error {
	s := e.state
	if s.pruned == today(now) {
		return nil
	}
	var records []pursuit.Record
	flush := func(most int) error {
		if len(records) <= most {
			return nil
		}
		err := e.keep(ctx, records...)
		records = records[:0]
		return err
	}
	before := now.Add(-sentFor).UTC().Format("20060102t150405")
	for {
		rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindSent, "", batch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Name >= before {
				rows = nil
				break
			}
			records = append(records, pursuit.Forget(pursuit.KindSent, "", r.Name))
		}
		if err := flush(0); err != nil {
			return err
		}
		if len(rows) < batch {
			break
		}
	}
	last := "until/" + today(now.Add(-toldFor))
	for {
		rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindMark, "until/", batch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Name >= last {
				rows = nil
				break
			}
			records = append(records, pursuit.Forget(pursuit.KindMark, "", r.Name))
			more, err := e.forget(ctx, r, now)
			if err != nil {
				return err
			}
			records = append(records, more...)
			if err := flush(batch); err != nil {
				return err
			}
		}
		if err := flush(0); err != nil {
			return err
		}
		if len(rows) < batch {
			break
		}
	}
	for key, c := range s.closing {
		if notice.DaysUntil(now, c.Deadline.Time) < -2 {
			records = append(records, pursuit.Forget(pursuit.KindMark, "", "closing/"+key))
			delete(s.closing, key)
		}
	}
	if err := flush(0); err != nil {
		return err
	}
	s.pruned = today(now)
	return nil
}

// forget are the records that forget what was told of a notice, or put it off while the notice is open, or was not closed for long.
func (e *Engine) forget(ctx context.Context, row pursuit.Record, now time.Time) ([]pursuit.Record, error) {
	until, err := pursuit.Read[due](row)
	if err != nil {
		return nil, err
	}
	n, err := e.store.Notice(ctx, until.Notice)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		var closes notice.Moment // zero for what is open without a deadline
		switch {
		case n.Stage.Open() && n.Deadline.Known():
			closes = n.Deadline.Value
		case !n.Stage.Open():
			closes = notice.Moment{Time: n.Updated()}
		}
		if closes.IsZero() || now.Sub(closes.Time) <= toldFor {
			later, err := untilRow(until.Notice, closes, now)
			return []pursuit.Record{later}, err
		}
	}
	rows, err := e.store.RecordsUnder(ctx, e.workspace, pursuit.KindTold, short(until.Notice)+"/", 0)
	if err != nil {
		return nil, err
	}
	var records []pursuit.Record
	for _, r := range rows {
		if strings.Count(r.Name, "/") == strings.Count(short(until.Notice), "/")+1 {
			records = append(records, pursuit.Forget(pursuit.KindTold, "", r.Name))
		}
	}
	return records, nil
}
