package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gaitkeeper/gaitkeeper/cmd/internal/term"
	"github.com/gaitkeeper/gaitkeeper/remit/codes"
	"github.com/gaitkeeper/gaitkeeper/scrub"
)

type explainOptions struct {
	format, color string
	all           bool
}

var explainFormats = []string{"text", "json"}

func newExplain(env *environment) *cli.Command {
	o := &explainOptions{}
	return &cli.Command{
		Name: "explain", Usage: "say what the codes of a remittance mean",
		ArgsUsage: "CODE...",
		Description: "Examples:\n" +
			"   gaitkeeper explain CO-16 M54 MA130      a reason, and the remarks that came with it\n" +
			"   gaitkeeper explain 45 N362 PR           a reason, a remark, a group\n" +
			"   gaitkeeper explain CLP02=4 PLB:WO       a claim status, a provider adjustment\n" +
			"   gaitkeeper explain --all                every code, a line each\n" +
			"   gaitkeeper explain --all CLP02 PLB      the codes of these lists\n\n" +
			"Of each code: what it means, what kind of reason it is and whether it denies, what is\n" +
			"usually done next, whether it is still in use, and which rules of scrub would have\n" +
			"found its cause. Lists are CARC, RARC, CAS01, CLP02, PLB, CLP06, BPR01 and BPR04.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "all", Usage: "every code of every list, or of the lists named", Destination: &o.all, Category: selection},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: " + strings.Join(explainFormats, ", "), Destination: &o.format, Category: reporting},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to use color: auto, always, never", Destination: &o.color, Category: reporting},
		},
		Action: func(c *cli.Context) error { return runExplain(env, o, c.Args().Slice()) },
	}
}

func runExplain(env *environment, o *explainOptions, args []string) error {
	if err := oneOf("format", o.format, explainFormats); err != nil {
		return err
	}
	if err := oneOf("color", o.color, colors); err != nil {
		return err
	}
	style := term.StyleFor(o.color, env.stdout)
	e := explainer{codes.Builtin(), env.catalogue}
	if o.all {
		lists, err := listsNamed(args)
		if err != nil {
			return err
		}
		list := e.all(lists)
		if o.format == "json" {
			return writeJSON(env.stdout, list)
		}
		return listCodes(env.stdout, style, list)
	}
	if len(args) == 0 {
		return usage("a code is needed").withHint("%s; --all lists them", codeSpellings)
	}
	asked, err := parseCodes(env.catalogue, args)
	if err != nil {
		return err
	}
	list := e.explain(asked)
	if o.format == "json" {
		err = writeJSON(env.stdout, list)
	} else {
		err = explainCodes(env.stdout, style, list)
	}
	if err == nil && slices.ContainsFunc(list, func(x explanation) bool { return !x.Known }) {
		return silent(exitFindings)
	}
	return err
}

const codeSpellings = "codes are written CO-97, 97, N362, CO, CLP02=4, PLB:WO"

// askedCode is a code as it was asked for.
type askedCode struct {
	list  codes.List
	value string
	group string // before a reason code; often ""
}

// codeList is a list with the names that stand for it on the command line.
type codeList struct {
	list  codes.List
	what  string // a code of it
	all   string // its codes
	names []string
}

// codeLists are the lists in the order of codes.Lists.
var codeLists = []codeList{
	{codes.ListCARC, "reason code", "reason codes", []string{"CARC", "CAS", "CAS02", "CAS05", "CAS08", "CAS11", "CAS14", "CAS17"}},
	{codes.ListRARC, "remark code", "remark codes", []string{"RARC", "LQ", "LQ02", "MOA", "MIA"}},
	{codes.ListGroup, "adjustment group", "adjustment groups", []string{"CAS01", "GROUP"}},
	{codes.ListStatus, "claim status", "claim statuses", []string{"CLP02", "STATUS"}},
	{codes.ListPLB, "provider adjustment", "provider adjustments", []string{"PLB", "PLB03", "PLB03-1"}},
	{codes.ListFiling, "claim filing indicator", "claim filing indicators", []string{"CLP06", "FILING"}},
	{codes.ListHandling, "transaction handling", "ways to handle a transaction", []string{"BPR01", "HANDLING"}},
	{codes.ListMethod, "payment method", "payment methods", []string{"BPR04", "METHOD"}},
}

func listNamed(name string) (codeList, bool) {
	for _, l := range codeLists {
		if slices.Contains(l.names, strings.ToUpper(name)) {
			return l, true
		}
	}
	return codeList{}, false
}

// listsNamed are the lists of these names; all of them without a name.
func listsNamed(names []string) (lists []codes.List, err error) {
	if len(names) == 0 {
		return codes.Lists, nil
	}
	for _, name := range names {
		l, ok := listNamed(name)
		if !ok {
			return nil, noList(name)
		}
		lists = append(lists, l.list)
	}
	return lists, nil
}

func noList(name string) error {
	var first []string
	for _, l := range codeLists {
		first = append(first, l.names[0])
	}
	return usage("no list %q", name).withHint("lists are %s", strings.Join(first, ", "))
}

// codeForms are the codes that tell by their form which list they are of.
var codeForms = []struct {
	form *regexp.Regexp
	list codes.List
}{
	{regexp.MustCompile(`^(?:(CO|PR|OA|PI|CR)[- ]?)([ABDPWY]?\d{1,3})$`), codes.ListCARC},
	{regexp.MustCompile(`^()([ABDPWY]?\d{1,3})$`), codes.ListCARC},
	{regexp.MustCompile(`^()((?:M|MA|N)\d{1,4})$`), codes.ListRARC},
	{regexp.MustCompile(`^()(CO|PR|OA|PI|CR)$`), codes.ListGroup},
}

// shortForm is the form of a code whose list is named.
var shortForm = regexp.MustCompile(`^[A-Z0-9]{1,5}$`)

func parseCodes(catalogue []*scrub.Rule, args []string) (list []askedCode, err error) {
	for _, arg := range args {
		// A payer's own spelling, pasted as one argument: "CO-16 M54, MA130".
		for _, s := range strings.FieldsFunc(arg, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
			c, err := parseCode(catalogue, strings.ToUpper(s))
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, usage("a code is needed").withHint("%s", codeSpellings)
	}
	return list, nil
}

func parseCode(catalogue []*scrub.Rule, s string) (askedCode, error) {
	if at := strings.IndexAny(s, "=:"); at > 0 {
		l, ok := listNamed(s[:at])
		switch value := s[at+1:]; {
		case !ok:
			return askedCode{}, noList(s[:at])
		case l.list == codes.ListCARC || l.list == codes.ListRARC:
			if c, ok := codeOfForm(value); ok && c.list == l.list {
				return c, nil
			}
		case shortForm.MatchString(value):
			return askedCode{list: l.list, value: value}, nil
		}
	} else if c, ok := codeOfForm(s); ok {
		return c, nil
	}
	f := usage("%q is not written as a code", s)
	if r := scrub.Find(catalogue, s); r != nil {
		return askedCode{}, f.withHint("gaitkeeper rules %s explains the rule", r.ID)
	}
	if near := nearestCode(s); near != "" {
		return askedCode{}, f.withHint("did you mean %s? %s", near, codeSpellings)
	}
	return askedCode{}, f.withHint("%s", codeSpellings)
}

func codeOfForm(s string) (askedCode, bool) {
	for _, f := range codeForms {
		if m := f.form.FindStringSubmatch(s); m != nil {
			return askedCode{list: f.list, value: padded(m[2]), group: m[1]}, true
		}
	}
	return askedCode{}, false
}

// padded is a remark code as the list writes it: MA1 is MA01.
func padded(s string) string {
	if len(s) == 3 && strings.HasPrefix(s, "MA") {
		return "MA0" + s[2:]
	}
	return s
}

// letterForDigit are letters that are typed or read for digits.
var letterForDigit = strings.NewReplacer("O", "0", "I", "1", "L", "1", "S", "5", "_", "-", "/", "-")

// nearestCode is a known code that s may have been meant for; "" where there is none.
func nearestCode(s string) string {
	for at := range len(s) {
		if c, ok := codeOfForm(s[:at] + letterForDigit.Replace(s[at:])); ok && newExplanation(codes.Builtin(), c).Known {
			return c.String()
		}
	}
	return ""
}

// String writes the code as it is asked for.
func (c askedCode) String() string {
	switch {
	case c.group != "":
		return c.group + "-" + c.value
	case c.list == codes.ListCARC || c.list == codes.ListRARC || c.list == codes.ListGroup:
		return c.value
	}
	return fmt.Sprintf("%s=%s", c.kind().names[0], c.value)
}

func (c askedCode) kind() codeList { return codeLists[slices.Index(codes.Lists, c.list)] }
