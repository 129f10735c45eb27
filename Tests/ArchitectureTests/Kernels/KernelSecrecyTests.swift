import Foundation
import Testing

/// No branch and no address depends on a key or a block.
@Suite struct KernelSecrecyTests {
    let workshop: KernelWorkshop

    init() throws {
        workshop = try KernelWorkshop()
    }

    /// Valgrind follows every bit that is marked as undefined; these are the secrets.
    @Test(arguments: [("plain", 0), ("avx2", 0), ("branch", 9), ("load", 9)])
    func valgrindFindsNothing(what: String, status: Int32) throws {
        guard what != "avx2" || Self.hasAVX2 else { return }
        let program = workshop.folder.appending(path: "secrecy").path
        let source = workshop.root.appending(path: "Tests/Kernels/secrecy.c").path
        let compilation = try workshop.compile([source] + workshop.sourceFiles + ["-o", program])
        #expect(compilation.status == 0, "\(compilation.text)")
        let outcome = try workshop.run(["valgrind", "--quiet", "--error-exitcode=9", program, what])
        #expect(outcome.status == status, "\(outcome.text)")
        if status == 0 { #expect(outcome.text.contains(/^[0-9a-f]{2}\n$/)) }
    }

    #if arch(x86_64)
    /// Valgrind cannot run AVX-512, so its machine code is looked through.
    @Test func theWidestKernelsKeepSecretsInVectors() throws {
        let code = try disassembly(of: "AVX512.c")
        #expect(code.leaks == [])
        let rounds = code.instructions.filter { $0.function.hasPrefix("pass") }
        #expect(rounds.count { $0.mnemonic == "vpternlogq" } > 500)
        // One loop over the rounds; two over the rows, and whether a chunk is full.
        #expect(code.jumps(in: "pass_avx512") == 1)
        #expect(code.jumps(in: "pass_each_avx512") == 1)
        #expect(code.jumps(in: "load_avx512") == 3)
        #expect(code.jumps(in: "store_avx512") == 3)
    }

    /// The same look at the level that valgrind has run shows that the look does not cry wolf.
    @Test func theOtherVectorKernelsDoToo() throws {
        #expect(try disassembly(of: "AVX2.c").leaks == [])
    }

    private func disassembly(of file: String) throws -> Disassembly {
        let object = workshop.folder.appending(path: "\(file).o").path
        let compilation = try workshop.compile(["-c", workshop.sources.appending(path: file).path, "-o", object])
        #expect(compilation.status == 0, "\(compilation.text)")
        return Disassembly(try workshop.run(["objdump", "--disassemble", "--no-show-raw-insn", object]).text)
    }
    #endif

    @Test(arguments: [
        "vpgatherqq (%rsi,%zmm1,1),%zmm2{%k1}", "vmovq  %xmm0,%rax", "vptest %ymm1,%ymm2", "kmovw  %k1,%eax",
        "vpmovmskb %ymm0,%eax", "vpcmpeqq %zmm0,%zmm1,%k1", "cmpb   $0x3,(%rdi)\n   4: jne    10 <f+0x10>",
        "vpextrq $0x1,%xmm0,%rcx",
    ])
    func leaksAreSeen(code: String) {
        #expect(Disassembly("0000000000000000 <f>:\n   0:\t\(code)\n").leaks.count == 1)
    }

    @Test(arguments: [
        "vmovdqu64 (%rsi),%zmm2", "vpcmpeqd %ymm0,%ymm0,%ymm0", "vmovq  %rax,%xmm0",
        "cmp    $0x40,%rax\n   4: jne    10 <f+0x10>",
        "vpternlogq $0x96,%zmm1,%zmm2,%zmm3", "sub    0x18(%rsp),%r14\n   4: jne    10 <f+0x10>",
    ])
    func harmlessCodeIsNot(code: String) {
        let found = Disassembly("0000000000000000 <f>:\n   0:\t\(code)\n")
        #expect(found.leaks == [])
        #expect(found.functions == ["f"])
    }

    /// What is wiped below the stack pointer is more than any kernel uses.
    @Test func framesAreSmallerThanWhatIsWiped() throws {
        let kernels = workshop.sourceFiles.filter { !$0.hasSuffix("Dispatch.c") }
        let outcome = try workshop.compile(["-Wframe-larger-than=1536", "-c"] + kernels)
        #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome.text)")
        let dispatch = try String(contentsOf: workshop.sources.appending(path: "Dispatch.c"), encoding: .utf8)
        // Two of them lie one below the other: the loop over the chunks and the rounds.
        #expect(dispatch.contains("STACK_BYTES = 4096"))
    }

    private static let hasAVX2 =
        (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains(" avx2 ") ?? false
}
