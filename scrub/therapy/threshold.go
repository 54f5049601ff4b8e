package therapy

// amount is a fact of one span of calendar years.
type amount struct {
	from, to int
	cents    int64
	source   string
}

// thresholds are the KX amounts (Bipartisan Budget Act of 2018, section 50202).
// That of 2027 was not known when this was written.
var thresholds = [...]amount{
	{2018, 2018, 2010_00, "CMS, therapy threshold 2018"},
	{2019, 2019, 2040_00, "CMS, therapy threshold 2019"},
	{2020, 2020, 2080_00, "CMS, therapy threshold 2020"},
	{2021, 2021, 2110_00, "CMS, therapy threshold 2021"},
	{2022, 2022, 2150_00, "CMS, therapy threshold 2022"},
	{2023, 2023, 2230_00, "CMS, therapy threshold 2023"},
	{2024, 2024, 2330_00, "CMS, therapy threshold 2024"},
	{2025, 2025, 2410_00, "CMS, therapy threshold 2025"},
	{2026, 2026, 2480_00, "CMS, therapy services page, February 2026"},
}

// reviews are the amounts above which records may be asked for; indexed to
// prices from 2028 on.
var reviews = [...]amount{
	{2018, 2027, 3000_00, "CMS, targeted medical review; Bipartisan Budget Act of 2018"},
}

// Threshold returns how much Medicare allows one patient in a calendar year
// before each further line must carry KX: the same for physical and speech
// therapy together and for occupational therapy. It counts allowed amounts, not
// charges, in the order claims are received. ok is false for a year whose amount
// is not known.
func Threshold(year int) (cents int64, source string, ok bool) { return find(thresholds[:], year) }

// ReviewThreshold returns the allowed amount of a calendar year, counted like
// [Threshold], above which Medicare may select claims for medical review.
func ReviewThreshold(year int) (cents int64, source string, ok bool) { return find(reviews[:], year) }

func find(list []amount, year int) (int64, string, bool) {
	for _, a := range list {
		if a.from <= year && year <= a.to {
			return a.cents, a.source, true
		}
	}
	return 0, "", false
}
