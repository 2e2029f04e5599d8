#include "textflag.h"

DATA lineFeed<>+0(SB)/1, $'\n'
GLOBL lineFeed<>(SB), RODATA|NOPTR, $1
DATA carriageReturn<>+0(SB)/1, $'\r'
GLOBL carriageReturn<>(SB), RODATA|NOPTR, $1
DATA quote<>+0(SB)/1, $'"'
GLOBL quote<>(SB), RODATA|NOPTR, $1
DATA eight<>+0(SB)/4, $8
GLOBL eight<>(SB), RODATA|NOPTR, $4

// EQUAL sets the bits of mask for those of 32 bytes that are one of the four.
#define EQUAL(bytes, mask) \
	VPCMPEQB bytes, Y0, Y6 \
	VPCMPEQB bytes, Y1, Y7 \
	VPCMPEQB bytes, Y2, Y8 \
	VPCMPEQB bytes, Y3, Y9 \
	VPOR Y6, Y7, Y6 \
	VPOR Y8, Y9, Y8 \
	VPOR Y6, Y8, Y6 \
	VPMOVMSKB Y6, mask

// PLACES writes the places of the lowest eight bits of R8, and takes them off.
#define PLACES \
	MOVBLZX R8B, R9 \
	SHRQ $8, R8 \
	VPMOVZXBD (R14)(R9*8), Y6 \
	POPCNTL R9, R9 \
	VPADDD Y6, Y10, Y6 \
	VMOVDQU Y6, (DI) \
	VPADDD Y10, Y11, Y10 \
	LEAQ (DI)(R9*4), DI

// UTF8 notes in Y12 where 32 bytes at a place, together with the three before them, are
// not UTF-8, after Keiser and Lemire, "Validating UTF-8 in less than one instruction per
// byte": what is wrong with two characters in a row follows from three of their halves,
// and only continuations stand behind the first bytes of three and four.
#define UTF8(at) \
	VMOVDQU at(SI), Y4 \
	VMOVDQU (at-1)(SI), Y5 \
	VPSRLW $4, Y5, Y6 \
	VPAND Y6, Y13, Y6 \
	VMOVDQU firstUpper<>(SB), Y7 \
	VPSHUFB Y6, Y7, Y6 \
	VPAND Y5, Y13, Y5 \
	VMOVDQU firstLower<>(SB), Y7 \
	VPSHUFB Y5, Y7, Y5 \
	VPAND Y5, Y6, Y5 \
	VPSRLW $4, Y4, Y4 \
	VPAND Y4, Y13, Y4 \
	VMOVDQU secondUpper<>(SB), Y7 \
	VPSHUFB Y4, Y7, Y4 \
	VPAND Y4, Y5, Y5 \
	VMOVDQU (at-2)(SI), Y4 \
	VPSUBUSB ofThree<>(SB), Y4, Y4 \
	VMOVDQU (at-3)(SI), Y6 \
	VPSUBUSB ofFour<>(SB), Y6, Y6 \
	VPOR Y4, Y6, Y4 \
	VPAND topBit<>(SB), Y4, Y4 \
	VPXOR Y4, Y5, Y4 \
	VPOR Y4, Y12, Y12

#define TWICE(name, lower, upper) \
	DATA name<>+0(SB)/8, $lower \
	DATA name<>+8(SB)/8, $upper \
	DATA name<>+16(SB)/8, $lower \
	DATA name<>+24(SB)/8, $upper \
	GLOBL name<>(SB), RODATA|NOPTR, $32

// The bits: 1 a continuation is missing, 2 there is one too many, 4 overlong of three
// bytes, 8 beyond U+10FFFF, 0x10 a surrogate, 0x20 overlong of two bytes, 0x40
// overlong of four bytes or far beyond U+10FFFF, 0x80 two continuations.
TWICE(firstUpper, 0x0202020202020202, 0x4915012180808080)
TWICE(firstLower, 0xcbcbcb8b8383a3e7, 0xcbcbdbcbcbcbcbcb)
TWICE(secondUpper, 0x0101010101010101, 0x01010101babaaee6)
TWICE(ofThree, 0x6060606060606060, 0x6060606060606060)
TWICE(ofFour, 0x7070707070707070, 0x7070707070707070)
TWICE(topBit, 0x8080808080808080, 0x8080808080808080)
TWICE(lowerHalf, 0x0f0f0f0f0f0f0f0f, 0x0f0f0f0f0f0f0f0f)

// func marksAVX2(marks *uint32, text *byte, blocks, from int, separator byte) (n int, valid bool)
TEXT ·marksAVX2(SB), NOSPLIT, $0-49
	MOVQ marks+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ from+24(FP), AX
	VMOVD AX, X10
	VPBROADCASTD X10, Y10
	VPBROADCASTD eight<>(SB), Y11
	VPBROADCASTB separator+32(FP), Y0
	VPBROADCASTB lineFeed<>(SB), Y1
	VPBROADCASTB carriageReturn<>(SB), Y2
	VPBROADCASTB quote<>(SB), Y3
	VPXOR Y12, Y12, Y12
	VMOVDQU lowerHalf<>(SB), Y13
	LEAQ ·placesOf(SB), R14
	MOVQ DI, R13
	MOVL $1, R12 // the block before may end inside a character
	TESTQ CX, CX
	JZ done

block:
	VMOVDQU (SI), Y4
	VMOVDQU 32(SI), Y5
	EQUAL(Y4, R8)
	EQUAL(Y5, R9)
	SHLQ $32, R9
	ORQ R9, R8
	VPOR Y4, Y5, Y4
	VPMOVMSKB Y4, R10
	ORL R10, R12
	JZ places
	UTF8(0)
	UTF8(32)
	MOVL R10, R12

places:
	PLACES
	PLACES
	PLACES
	PLACES
	PLACES
	PLACES
	PLACES
	PLACES
	ADDQ $64, SI
	DECQ CX
	JNZ block

done:
	VPTEST Y12, Y12
	SETEQ valid+48(FP)
	VZEROUPPER
	SUBQ R13, DI
	SHRQ $2, DI
	MOVQ DI, n+40(FP)
	RET

// FIELD makes the next cell of the bytes from R9 up to BX, and notes whether there are
// any, and whether the first one is printing. It leaves Z set where there is no room left.
#define FIELD \
	MOVBLZX (R9), DX \
	MOVQ R9, (DI) \
	SUBQ R9, BX \
	MOVQ BX, 8(DI) \
	SUBL $'!', DX \
	CMPB DX, $0x5f \
	RCRQ $1, R13 \
	NEGQ BX \
	SBBQ DX, DX \
	RCRQ $1, R12 \
	ANDQ R14, DX \
	MOVQ DX, 16(DI) \
	ADDQ $24, DI \
	DECQ CX

// func cutRecordsAVX2(room *Cell, most int, records *cutRecord, mostRecords int, marks *uint32, count int, text *byte, start int, separator byte, visible uint64) (n int)
TEXT ·cutRecordsAVX2(SB), NOSPLIT, $0-88
	MOVQ room+0(FP), DI
	MOVQ most+8(FP), CX
	MOVQ records+16(FP), R15
	MOVQ marks+32(FP), SI
	MOVQ count+40(FP), R11
	MOVQ text+48(FP), R8
	MOVQ start+56(FP), R9
	MOVBLZX separator+64(FP), R10
	MOVQ visible+72(FP), R14
	LEAQ (SI)(R11*4), R11 // behind the marks
	ADDQ R8, R9
	// R12 gets which cells are filled, the last one in the top bit, R13 which begin with
	// a printing character. Below those of a record are the ones before.

field:
	CMPQ SI, R11
	JEQ out
	MOVL (SI), AX
	ADDQ R8, AX
	CMPB R10, (AX)
	JNE noSeparator
	ADDQ $4, SI
	MOVQ AX, BX
	FIELD
	LEAQ 1(AX), R9
	JNZ field
	JMP out

noSeparator:
	CMPB (AX), $'"'
	JEQ quoted
	ADDQ $4, SI
	MOVQ AX, BX
	FIELD

whole:
	CMPB (AX), $'\n'
	JEQ ended
	CMPQ SI, R11 // a line feed may stand behind it; where there is another mark, a byte is
	JEQ out
	CMPB 1(AX), $'\n'
	JNE ended
	ADDQ $4, SI
	INCQ AX

ended:
	LEAQ 1(AX), R9
	MOVQ most+8(FP), DX
	SUBQ CX, DX
	MOVL DX, 0(R15)
	MOVQ SI, DX
	SUBQ marks+32(FP), DX
	SHRQ $2, DX
	MOVL DX, 4(R15)
	MOVQ R9, DX
	SUBQ R8, DX
	MOVQ DX, 8(R15)
	MOVQ R12, 16(R15)
	MOVQ R13, 24(R15)
	ADDQ $32, R15
	DECQ mostRecords+24(FP)
	JZ out
	TESTQ CX, CX
	JNZ field
	JMP out

quoted:
	CMPQ AX, R9
	JNE out
	LEAQ 4(SI), DX

inside:
	CMPQ DX, R11
	JEQ out
	MOVL (DX), AX
	ADDQ R8, AX
	ADDQ $4, DX
	CMPB R10, (AX)
	JEQ inside
	CMPB (AX), $'"'
	JNE out
	CMPQ DX, R11
	JEQ out
	MOVL (DX), BX
	ADDQ R8, BX
	SUBQ AX, BX
	CMPQ BX, $1 // the next mark is right behind the quote,
	JNE out
	CMPB 1(AX), $'"' // and no quote
	JEQ out
	LEAQ 4(DX), SI
	INCQ R9
	MOVQ AX, BX
	INCQ AX
	FIELD
	LEAQ 1(AX), R9
	CMPB R10, (AX) // which says nothing of the room
	JNE whole
	TESTQ CX, CX
	JNZ field

out:
	SUBQ records+16(FP), R15
	SHRQ $5, R15
	MOVQ R15, n+80(FP)
	RET
