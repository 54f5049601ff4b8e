// Package cmstest makes files in the layouts of CMS for tests and benchmarks. Codes
// and dates are plausible, the edits are made up.
package cmstest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/gaitkeeper/gaitkeeper/scrub/therapy"
)

// notice stands for the notice of the owner of the codes, in Latin-1.
const notice = "The codes of this table have an owner \x97 all rights reserved \xa9 2025."

// PTPHead are the lines above the rows of a PTP table, as CMS writes them.
const PTPHead = notice + "\t\t\t\t\t\t\r\n" +
	"Column1/Column2 Edits\t\t\t\t\t\t\r\n" +
	"Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n" +
	"\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n" +
	"\t\t\t\t*=no data\t1=allowed\t\r\n" +
	"\t\t\t\t\t9=not applicable\t\r\n"

// MedicaidHead is that of Medicaid: without the column for edits from before 1996.
const MedicaidHead = notice + "\t\t\t\t\t\r\n" +
	"Column 1\tColumn 2\tEffective Date\tDeletion Date\tModifier Indicator\tPTP Edit Rationale\r\n"

// MUEHead is that of an MUE table for the services it names.
func MUEHead(services string) string {
	return "\"" + notice + "\r\n\r\nThe name is a registered mark\xae of its owner, who \x93assumes no liability\x94.\",,,\r\n" +
		"\"HCPCS/\r\nCPT Code\"," + services + " MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n"
}

// PFSHead is that of a relative value file; the names of its columns stand in four
// rows.
const PFSHead = ",,2026 National Physician Fee Schedule Relative Value File July Release,,,,,,,\r\n" +
	",," + notice + ",,,,,,,\r\n,,,,,,,,,\r\n,,RELEASED 06/30/2026,,,,,,,\r\n" +
	",,,,NOT USED,,,,,\r\n,,,,FOR,,,,,\r\n,,,STATUS,MEDICARE,WORK,PCTC,GLOB,MULT,BILAT\r\n" +
	"HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,IND,DAYS,PROC,SURG\r\n"

// Part is a part of a PTP table.
type Part struct {
	Name string // as in CMS's archives: ccipra-v323r0-f1.TXT
	Rows int
	Text []byte
}

// cuts are the last column 1 codes of the parts, about as CMS cuts them.
var cuts = []string{"25441", "37252", "62322", "U0003"}

// PTP makes the four parts of a table of about so many rows: every column 1 code of
// a plausible list with as many column 2 codes, some deleted, some with several
// windows, some with indicator 9. Pairs of therapy codes are among them.
func PTP(rows int) []Part {
	codes := Codes()
	each := max(1, rows/len(codes))
	parts := make([]Part, 0, len(cuts))
	at := 0
	for n, last := range cuts {
		p := Part{Name: fmt.Sprintf("ccipra-v323r0-f%d.TXT", n+1)}
		text := append(make([]byte, 0, rows/len(cuts)*80), PTPHead...)
		for ; at < len(codes) && codes[at] <= last; at++ {
			for k := range each {
				text = appendRow(text, codes[at], codes[(at+1+k*7)%len(codes)], at+k)
				p.Rows++
			}
		}
		p.Text = text
		parts = append(parts, p)
	}
	return parts
}

var windows = [...]string{
	"\t\t20180701\t*\t1\t", "\t\t20180701\t20260630\t0\t", "\t\t20201001\t20201001\t9\t", "\t*\t19960101\t*\t1\t",
	"\t\t20260101\t*\t0\t", "\t\t20050401\t20191231\t1\t", "\t\t20190101\t*\t1\t", "\t\t20210101\t*\t1\t",
}

func appendRow(b []byte, column1, column2 string, n int) []byte {
	b = append(append(append(b, column1...), '\t'), column2...)
	b = append(b, windows[n%len(windows)]...)
	return append(b, "Misuse of Column Two code with Column One code\r\n"...)
}

// Codes are about 17,000 codes in order, those of therapy among them.
func Codes() []string {
	seen := map[string]bool{}
	var list []string
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	for p := range therapy.All() {
		add(p.Code.String())
	}
	for i := 100; i < 100_000; i += 7 {
		add(fmt.Sprintf("%05d", i))
	}
	for i := 1; i < 500; i++ {
		add(fmt.Sprintf("%04dU", i))
		add(fmt.Sprintf("%04dT", i))
		add(fmt.Sprintf("G%04d", i))
	}
	add("0001A")
	add("U0003")
	slices.Sort(list)
	return list
}

// MUE makes the rows of an MUE table for every code of a list.
func MUE(codes []string, units int) string {
	var b bytes.Buffer
	b.WriteString(MUEHead("Practitioner Services"))
	for i, c := range codes {
		mai := [...]string{"2 Date of Service Edit: Policy", "3 Date of Service Edit: Clinical", "1 Line Edit"}[i%3]
		b.WriteString(c + "," + strconv.Itoa(units) + "," + mai + ",\"Nature of Service, Procedure\"\r\n")
	}
	return b.String()
}

// Zip packs files; names and contents take turns.
func Zip(files ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = io.WriteString(f, files[i+1])
		}
		if err != nil {
			panic(err) // memory does not fail
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
