public import ArgumentParser
import Models

extension Precision: ExpressibleByArgument {}
