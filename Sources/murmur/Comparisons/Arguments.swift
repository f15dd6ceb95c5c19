public import ArgumentParser
public import Comparisons

extension TableFormat: ExpressibleByArgument {}
