import Glibc

Process.keepStandardDescriptorsTaken()
Process.keepSecretsOutOfCrashes()
exit(Program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
