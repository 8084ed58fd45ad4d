using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Reads an argument of a Props expression; only what is not a constant or a captured variable is compiled.</summary>
internal static class ArgumentReader
{
    public static object? Read(Expression expression) =>
        TryRead(expression, out var value)
            ? value
            : Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    private static bool TryRead(Expression? expression, out object? value)
    {
        value = null;
        switch (expression)
        {
            case null:
                return true;
            case ConstantExpression constant:
                value = constant.Value;
                return true;
            case MemberExpression { Member: FieldInfo field } member when TryRead(member.Expression, out var owner):
                value = field.GetValue(owner);
                return true;
            case MemberExpression { Member: PropertyInfo property } member when TryRead(member.Expression, out var owner):
                value = property.GetValue(owner);
                return true;
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
                when convert.Type.IsAssignableFrom(convert.Operand.Type):
                return TryRead(convert.Operand, out value);
            default:
                return false;
        }
    }
}
