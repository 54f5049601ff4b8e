package rules

import "github.com/gaitkeeper/gaitkeeper/scrub"

// conformance are the rules of the implementation guides. They have no functions:
// package edi/guide finds them as it walks over the file.
var conformance = []scrub.Rule{
	{
		ID: "GD101", Name: "segment-missing", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "a segment or loop that the guide requires is not there", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD102", Name: "segment-unexpected", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "a segment stands where the guide has none, or out of order", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD103", Name: "segment-repeated", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "a segment or loop stands more often than the guide lets it", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD104", Name: "element-missing", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "an element that the guide, the standard or another element calls for is empty", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD105", Name: "element-length", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "an element is shorter or longer than the guide lets it be", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD106", Name: "element-type", Severity: scrub.Error, Scope: scrub.ScopeGuide, Fixes: []scrub.Safety{scrub.Safe},
		What: "an element is not of its data type, or not of the form that the guide gives it", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD107", Name: "element-code", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "a code is not among those that the guide has at its place", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD108", Name: "element-not-used", Severity: scrub.Warning, Scope: scrub.ScopeGuide,
		What: "an element holds data that the guide does not use, or excludes here", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD109", Name: "hierarchy", Severity: scrub.Error, Scope: scrub.ScopeGuide,
		What: "an HL does not count on, names no open level above it, or is untrue about levels below", Sources: []scrub.Source{guide},
	},
	{
		ID: "GD110", Name: "trailing-separators", Severity: scrub.Warning, Scope: scrub.ScopeGuide, Fixes: []scrub.Safety{scrub.Safe},
		What: "separators stand at the end of a segment or composite", Sources: []scrub.Source{guide},
	},
}
