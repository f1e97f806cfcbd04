package prose

import "bidfit/notice"

func Mentions(text string) []Found[notice.Mention] { return nil }
