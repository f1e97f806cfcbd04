package matcher

import "slices"

// Question is one thing to ask the buyer.
type Question struct {
	Question string `json:"question"`
	// Lots are those it is about; nil where it is about all that were asked after.
	Lots []string `json:"lots,omitzero"`
}

// Ask gathers what has to be asked of the buyer about several lots of one notice, each question once, in
// the order of the lots given.
func Ask(lots ...Fit) []Question {
	list := []Question{}
	for i := range lots {
		for _, text := range lots[i].Questions() {
			k := slices.IndexFunc(list, func(q Question) bool { return q.Question == text })
			if k < 0 {
				k = len(list)
				list = append(list, Question{Question: text})
			}
			list[k].Lots = append(list[k].Lots, lots[i].Lot)
		}
	}
	for i := range list {
		if len(list[i].Lots) == len(lots) {
			list[i].Lots = nil
		}
		slices.Sort(list[i].Lots)
	}
	return list
}
