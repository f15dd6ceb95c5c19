/// The middle one of some measurements; of an even number the upper of the two.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
