package config

import "github.com/gaitkeeper/gaitkeeper/scrub"

// rules reads the [[rule]] tables.
func (r *reader) rules(tables []ruleTable) []*scrub.Rule { return nil }
