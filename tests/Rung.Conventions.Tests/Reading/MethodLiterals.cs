using System.Reflection;
using System.Reflection.Emit;

namespace Rung.Conventions.Tests.Reading;

/// <summary>
/// What one compiled method says and makes: its string literals and the constructors that it calls. Read from the code that runs, so no
/// way of writing it escapes (a literal in a condition, a target-typed <c>new</c>, a lambda, an async method).
/// </summary>
internal sealed record MethodLiterals(MethodBase Method, IReadOnlyList<string> Strings, IReadOnlyList<ConstructorInfo> Made)
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Every method of an assembly, compiler-made ones included.</summary>
    public static IEnumerable<MethodLiterals> Of(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        .Select(method => (method, code: method.GetMethodBody()?.GetILAsByteArray()))
        .Where(pair => pair.code is not null)
        .Select(pair => Read(pair.method, pair.code!));

    private static MethodLiterals Read(MethodBase method, byte[] code)
    {
        var strings = new List<string>();
        var made = new List<ConstructorInfo>();
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            at += value > 0xFF ? 2 : 1;
            var operation = s_codes[value];
            if (operation.OperandType == OperandType.InlineString) strings.Add(method.Module.ResolveString(BitConverter.ToInt32(code, at)));
            else if (operation == OpCodes.Newobj && Constructor(method, BitConverter.ToInt32(code, at)) is { } constructor) made.Add(constructor);
            at += Size(operation.OperandType, code, at);
        }
        return new(method, strings, made);
    }

    private static ConstructorInfo? Constructor(MethodBase method, int token) => method.Module.ResolveMethod(
        token, method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null) as ConstructorInfo;

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };
}
